import { describe, expect, it } from 'vitest';
import { createUpstream, flavourAt, type Upstream, type UpstreamOptions } from '../../src/index.js';
import { json, serve } from '../service/http-server.js';

type Answer = Parameters<typeof serve>[0];

async function gatewayThat(
  answer: Answer,
  body: UpstreamOptions['body'] = 'array',
): Promise<Upstream & { seen: Awaited<ReturnType<typeof serve>>['seen'] }> {
  const { baseUrl, seen } = await serve(answer);
  const url = `${baseUrl}/apis/v1/dataforseo/`;
  return {
    ...createUpstream({ url, flavour: 'aisa', auth: { token: 'key' }, body, timeoutMs: 5_000, maxAnswerBytes: 10_000 }),
    seen,
  };
}

const task = { target: 'a.com', tag: 't' };
const ok = { status_code: 20000, status_message: 'Ok.', cost: 0, tasks: [] };

describe('a call of the aisa flavour', () => {
  it.each([
    ['array' as const, [task]],
    ['object' as const, task],
  ])('goes below the base URL with a bearer token, as %s', async (form, sent) => {
    const gateway = await gatewayThat((_, response) => json(response, ok), form);
    expect(await gateway.call('domain_pages', task)).toMatchObject({
      kind: 'answer',
      envelope: { code: 20000, tasks: [] },
    });
    const [request] = gateway.seen;
    expect(request?.url.pathname).toBe('/apis/v1/dataforseo/backlinks/domain_pages/live');
    expect(request?.headers.authorization).toBe('Bearer key');
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual(sent);
  });

  it('has no record of calls, and does not ask for one', async () => {
    const gateway = await gatewayThat((_, response) => json(response, ok));
    expect(await gateway.idList({ datetime_from: '', datetime_to: '' })).toEqual({ kind: 'no_record' });
    expect(gateway.seen).toEqual([]);
  });

  it('is that of its host', () => {
    expect(flavourAt('https://api.aisa.one/apis/v1/dataforseo')).toBe('aisa');
    expect(flavourAt('https://api.dataforseo.com')).toBe('dataforseo');
    expect(flavourAt('http://127.0.0.1:8090/apis/v1/dataforseo')).toBe('dataforseo');
  });
});

describe('the gateway’s own errors', () => {
  it.each([
    {
      form: 'a code beside the text',
      body: { code: 'invalid_api_key', error: 'wrong key', request_id: 'r1' },
      read: { code: 'invalid_api_key', reason: 'invalid_api_key: wrong key (request r1)' },
    },
    {
      form: 'a text alone',
      body: { error: 'provider request failed' },
      read: { code: null, reason: 'provider request failed' },
    },
    {
      form: 'an object',
      body: { error: { code: 'insufficient_wallet_balance', message: 'top up', retryable: false } },
      read: { code: 'insufficient_wallet_balance', reason: 'insufficient_wallet_balance: top up' },
    },
    {
      form: 'an object that names the request',
      body: { error: { type: 'api_error', code: 'x_timeout', message: 'later', request_id: 'r2', retryable: true } },
      read: { code: 'x_timeout', reason: 'x_timeout: later (request r2)' },
    },
    {
      form: 'fields of other kinds',
      body: { error: { code: 7, message: 'no' }, code: null },
      read: { code: null, reason: 'no' },
    },
  ])('are read as $form', async ({ body, read }) => {
    const gateway = await gatewayThat((_, response) => json(response, body, 503));
    expect(await gateway.call('domain_pages', task)).toMatchObject({ kind: 'gateway_error', httpStatus: 503, ...read });
  });

  it('bring how long to wait, and the request’s name from the headers', async () => {
    const gateway = await gatewayThat((_, response) => {
      response.writeHead(429, { 'retry-after': '3', 'x-request-id': 'r3' }).end('{"error":"slow down"}');
    });
    expect(await gateway.call('domain_pages', task)).toMatchObject({
      kind: 'gateway_error',
      reason: 'slow down (request r3)',
      headers: { retryAfterMs: 3_000, requestId: 'r3' },
    });
  });

  it.each<[string, Answer]>([
    ['with HTTP 200', (_, response) => json(response, { error: 'but fine' })],
    ['that are no JSON', (_, response) => response.writeHead(502).end('Bad Gateway')],
    ['without an error', (_, response) => json(response, { code: 'x' }, 500)],
  ])('%s are not taken for that', async (_, answer) => {
    const reply = await (await gatewayThat(answer)).call('domain_pages', task);
    expect(reply).toMatchObject({ kind: 'unreadable', ended: true });
  });

  it('do not hide an answer of the API', async () => {
    const body = { status_code: 40200, status_message: 'Payment Required.', tasks: null, error: 'x' };
    const gateway = await gatewayThat((_, response) => json(response, body, 402));
    expect(await gateway.call('domain_pages', task)).toMatchObject({
      kind: 'answer',
      httpStatus: 402,
      envelope: { code: 40200 },
    });
  });
});
