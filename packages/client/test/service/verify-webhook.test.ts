import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { verifyWebhook, WebhookRejected } from '../../src/service/index.js';

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`;
const other = `whsec_${Buffer.from('another secret, also long').toString('base64')}`;
const now = new Date('2026-11-01T10:00:00Z');
const body = JSON.stringify({ type: 'job.completed', data: { name: 'Jürgen' } });

/** Signed by the reference implementation, not by ours. */
function deliver(options: { at?: Date; by?: string } = {}) {
  const { at = now, by = secret } = options;
  return {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(at.getTime() / 1000),
    'webhook-signature': new Webhook(by).sign('msg_1', at, body),
  };
}

function rejection(...[delivery]: Parameters<typeof verifyWebhook>): unknown {
  try {
    return verifyWebhook(delivery);
  } catch (error) {
    return error instanceof WebhookRejected ? error.code : error;
  }
}

test('accepts what the reference implementation signed', () => {
  const verified = verifyWebhook({ secret, headers: deliver(), body, now });
  expect(verified).toEqual({ id: 'msg_1', timestamp: now, payload: JSON.parse(body) });
});

test('takes Headers, node headers of any case, lists, and bytes', () => {
  const headers = deliver();
  expect(verifyWebhook({ secret, headers: new Headers(headers), body, now }).id).toBe('msg_1');
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  expect(verifyWebhook({ secret, headers: upper, body: Buffer.from(body), now }).id).toBe('msg_1');
});

test('one of several signatures and one of several secrets is enough', () => {
  const two = `${deliver({ by: other })['webhook-signature']} v1a,AAAA ${deliver()['webhook-signature']}`;
  const headers = { ...deliver(), 'webhook-signature': two };
  expect(verifyWebhook({ secret, headers, body, now }).id).toBe('msg_1');
  expect(verifyWebhook({ secret: [other, secret], headers: deliver(), body, now }).id).toBe('msg_1');
});

test('rejects each thing that is wrong', () => {
  const headers = deliver();
  expect(rejection({ secret, headers: { ...headers, 'webhook-id': undefined }, body, now })).toBe('missing_headers');
  expect(rejection({ secret, headers: { ...headers, 'webhook-timestamp': 'soon' }, body, now })).toBe('bad_timestamp');
  expect(rejection({ secret: other, headers, body, now })).toBe('wrong_signature');
  expect(rejection({ secret, headers, body: `${body} `, now })).toBe('wrong_signature');
  expect(rejection({ secret, headers: { ...headers, 'webhook-id': 'msg_2' }, body, now })).toBe('wrong_signature');
  expect(rejection({ secret: 'whsec_', headers, body, now })).toBeInstanceOf(TypeError);
});

test('five minutes of clock difference are tolerated, not more', () => {
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  expect(rejection({ secret, headers: deliver({ at: at(-5.1) }), body, now })).toBe('too_old');
  expect(rejection({ secret, headers: deliver({ at: at(5.1) }), body, now })).toBe('too_new');
  expect(verifyWebhook({ secret, headers: deliver({ at: at(-4.9) }), body, now }).id).toBe('msg_1');
  const old = deliver({ at: at(-60) });
  expect(verifyWebhook({ secret, headers: old, body, now, toleranceMs: 3_700_000 }).id).toBe('msg_1');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, null, '300000'])(
  'a tolerance of %s is a mistake, not a tolerance of everything',
  (given) => {
    const toleranceMs = given as number;
    const old = deliver({ at: new Date(0) });
    expect(rejection({ secret, headers: old, body, now, toleranceMs })).toBeInstanceOf(TypeError);
  },
);

test('a time that is none is a mistake', () => {
  const headers = deliver({ at: now });
  expect(rejection({ secret, headers, body, now: new Date('never') })).toBeInstanceOf(TypeError);
});
