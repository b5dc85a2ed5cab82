import { gzipSync } from 'node:zlib';
import type { UpstreamReply } from '@linkhaul/client';
import { ENDPOINTS } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { classify } from '../../src/classify/classify-reply.js';
import { actionOf, STATUS_CODES } from '../../src/classify/status-codes.js';
import { type AnswerReply, answerReply, NO_HEADERS } from '../upstream-answer.js';

const TAG = 'job_1.1.1';
const ASKED = { tag: TAG, targets: ['a.com'], endpoint: ENDPOINTS.bulk_backlinks, offset: 0 };

interface Told {
  readonly http?: number;
  readonly envelope?: number;
  readonly task?: number | null;
  readonly cost?: number | null;
  readonly result?: unknown[] | null;
  readonly tag?: string;
}

/** An answer of the upstream's form, as it would arrive. */
function answer({
  http = 200,
  envelope = 20000,
  task = 20000,
  cost = 0.024,
  result = null,
  tag = TAG,
}: Told): AnswerReply {
  const tasks =
    task === null ? [] : [{ id: 't1', status_code: task, status_message: 'said so', cost, data: { tag }, result }];
  const body = { status_code: envelope, status_message: 'envelope', cost, tasks };
  return answerReply(body, http);
}

function unreadable(
  httpStatus: number | null,
  retryAfterMs: number | null = null,
): Extract<UpstreamReply, { kind: 'unreadable' }> {
  return {
    kind: 'unreadable',
    httpStatus,
    reason: 'broken',
    headers: { ...NO_HEADERS, retryAfterMs },
    ended: httpStatus !== null,
    body: null,
    isCut: false,
  };
}

function gatewayError(
  httpStatus: number,
  code: string | null = null,
  retryAfterMs: number | null = null,
): UpstreamReply {
  const reason = code === null ? 'said so' : `${code}: said so`;
  return { kind: 'gateway_error', httpStatus, code, reason, headers: { ...NO_HEADERS, retryAfterMs } };
}

const items = [{ items: [{ target: 'a.com', backlinks: 1 }] }];

describe('both levels of status', () => {
  it('decides ok for items, and empty for none', () => {
    expect(classify(answer({ result: items }), ASKED)).toMatchObject({
      action: 'ok',
      facts: { cost: 24_000_000, taskId: 't1' },
    });
    expect(classify(answer({ result: null }), ASKED).action).toBe('empty');
    expect(classify(answer({ result: [{ items: null }] }), ASKED).action).toBe('empty');
    expect(classify(answer({ task: 40102 }), ASKED).action).toBe('empty');
  });

  it('goes by the envelope first, then by the task', () => {
    expect(classify(answer({ envelope: 40202, task: null, cost: null }), ASKED)).toMatchObject({
      action: 'slow',
      waitMs: 5000,
    });
    expect(classify(answer({ task: 40503, cost: 0 }), ASKED)).toMatchObject({
      action: 'fail',
      facts: { statusCode: 40503, message: 'said so' },
    });
    expect(classify(answer({ task: 40200, cost: 0 }), ASKED)).toMatchObject({
      action: 'pause',
      reason: 'upstream_funds',
    });
  });

  it('retries partial results without items', () => {
    expect(classify(answer({ task: 40106, result: items }), ASKED).action).toBe('ok');
    expect(classify(answer({ task: 40106 }), ASKED).action).toBe('retry');
  });
});

describe('a call that may have been executed', () => {
  it.each([
    ['an empty list of tasks', answer({ task: null })],
    ['HTTP 500 that says 20000', answer({ http: 500 })],
    ['HTTP 504 that says 20000 with items', answer({ http: 504, result: items })],
    ['the answer to another call', answer({ result: items, tag: 'job_1.2.1' })],
    ['a failure without a cost', answer({ task: 50000, cost: null })],
    ['a broken body', unreadable(200)],
    ['an HTTP 500 without an answer', unreadable(500)],
    ['no answer at all', unreadable(null)],
  ])('%s is unknown, never sent again blindly', (_, reply) => {
    expect(classify(reply, ASKED).action).toBe('unknown');
  });

  it.each([50000, 50401, 40103])('is retried at %i with a cost', (task) => {
    expect(classify(answer({ task, cost: 0 }), ASKED).action).toBe('retry');
  });
});

describe('an answer', () => {
  it('that is not understood was paid for, and is not bought again', () => {
    expect(classify(answer({ result: [{ rows: [] }] }), ASKED)).toMatchObject({
      action: 'unreadable',
      facts: { cost: 24_000_000, taskId: 't1' },
    });
    const longer = { ...unreadable(200), body: Buffer.from('{'), isCut: true };
    expect(classify(longer, ASKED)).toMatchObject({ action: 'unreadable', facts: { cost: null } });
  });

  it('that is no API answer is kept until the record shows whether the call ran', () => {
    const body = Buffer.from('<html>');
    expect(classify({ ...unreadable(200), body }, ASKED)).toMatchObject({
      action: 'unknown',
      kept: { body, packed: null },
    });
    expect(classify({ ...unreadable(502), body }, ASKED)).toMatchObject({ action: 'unknown', kept: null });
    const noTask = answer({ task: null });
    for (const bytes of [
      { body, packed: null },
      { body: null, packed: gzipSync(body) },
    ]) {
      expect(classify({ ...noTask, ...bytes }, ASKED)).toMatchObject({ action: 'unknown', kept: bytes });
    }
    expect(classify(answer({ http: 500, task: null }), ASKED)).toMatchObject({ action: 'unknown', kept: null });
  });

  it('with partial results, no items and no cost is not taken as free', () => {
    expect(classify(answer({ task: 40106, cost: null }), ASKED).action).toBe('unknown');
  });

  it('costs the larger amount of its two levels, and has no known cost if neither has one', () => {
    const task = { id: 't1', status_code: 20000, data: { tag: TAG }, result: items };
    const costOf = (envelope: unknown, own: unknown) =>
      classify(answerReply({ status_code: 20000, cost: envelope, tasks: [{ ...task, cost: own }] }), ASKED);
    expect(costOf(0.06, 0)).toMatchObject({ action: 'ok', facts: { cost: 60_000_000 } });
    expect(costOf(null, '0.06')).toMatchObject({ action: 'ok', facts: { cost: 60_000_000 } });
    for (const none of ['', true, [0.06], null, -1]) {
      expect(costOf(none, none)).toMatchObject({ action: 'ok', facts: { cost: null } });
    }
  });

  it('to another target, or with another tag only, is not ours', () => {
    const other = { id: 't1', status_code: 20000, cost: 0.02, data: { tag: TAG, targets: ['b.com'] }, result: items };
    expect(classify(answerReply({ status_code: 20000, tasks: [other] }), ASKED).action).toBe('unknown');
  });
});

describe('HTTP statuses that decide by themselves', () => {
  it.each([unreadable(401), answer({ http: 401, envelope: 40100, task: null })])(
    '401 pauses for credentials',
    (reply) => {
      expect(classify(reply, ASKED)).toMatchObject({ action: 'pause', reason: 'upstream_auth' });
    },
  );

  it('402 without a body pauses for funds', () => {
    expect(classify(unreadable(402), ASKED)).toMatchObject({ action: 'pause', reason: 'upstream_funds' });
  });

  it('429 slows by Retry-After, capped', () => {
    expect(classify(unreadable(429, 7_000), ASKED)).toMatchObject({ action: 'slow', waitMs: 7_000 });
    expect(classify(unreadable(429, 3_600_000), ASKED)).toMatchObject({ action: 'slow', waitMs: 60_000 });
  });

  it('a gateway that refuses the request fails it', () => {
    expect(classify(unreadable(404), ASKED).action).toBe('fail');
  });

  it('a call that was not sent is safe to send again', () => {
    expect(classify({ kind: 'unsent', reason: 'ECONNREFUSED' }, ASKED)).toEqual({
      action: 'unsent',
      why: 'ECONNREFUSED',
    });
  });
});

describe('a gateway’s own errors', () => {
  it.each([
    [401, 'invalid_api_key', { action: 'pause', reason: 'upstream_auth' }],
    [402, 'insufficient_wallet_balance', { action: 'pause', reason: 'upstream_funds' }],
    [400, null, { action: 'fail' }],
    [404, null, { action: 'fail' }],
    [409, 'idempotency_conflict', { action: 'fail' }],
  ])('HTTP %i %s tells what to do, in the gateway’s words', (status, code, decision) => {
    const message = code === null ? `HTTP ${status}: said so` : `HTTP ${status}: ${code}: said so`;
    const facts = { statusCode: null, message, cost: 0 };
    expect(classify(gatewayError(status, code), ASKED)).toMatchObject({ ...decision, facts });
  });

  it('429 slows by Retry-After, or by a little', () => {
    expect(classify(gatewayError(429, 'rate_limit_exceeded', 3_000), ASKED)).toMatchObject({
      action: 'slow',
      waitMs: 3_000,
    });
    expect(classify(gatewayError(429), ASKED)).toMatchObject({ action: 'slow', waitMs: 5_000 });
  });

  it.each([
    [502, null],
    [503, 'provider_unavailable'],
    [503, 'metered_v2_billing_dependency_timeout'],
    [503, 'metered_v2_billing_config_invalid'],
    [504, 'upstream_timeout'],
    [500, null],
  ])('HTTP %i %s may come after the call was executed', (status, code) => {
    expect(classify(gatewayError(status, code), ASKED)).toMatchObject({
      action: 'unknown',
      why: expect.stringContaining(`HTTP ${status}: `),
    });
  });

  it('an error before the upstream was asked counts as not sent', () => {
    expect(classify(gatewayError(503, 'authentication_unavailable'), ASKED)).toEqual({
      action: 'unsent',
      why: 'HTTP 503: authentication_unavailable: said so',
    });
  });
});

describe('the table of codes', () => {
  it('retries no 4xxxx except those whose meaning asks for it', () => {
    const retried = Object.keys(STATUS_CODES).filter(
      (code) => Number(code) < 50_000 && actionOf(Number(code)).action === 'retry',
    );
    expect(retried).toEqual(['40101', '40103', '40601', '40602']);
  });

  it.each([
    [40501, "Invalid Field: 'targets'.", 'split'],
    [40501, "Invalid Field: 'targets' is required", 'split'],
    [40501, "Invalid Field: 'target'.", 'split'],
    [40501, 'Invalid Field: targets[17].', 'split'],
    [40501, 'Invalid Field.', 'split'],
    [40501, '', 'split'],
    [40501, "Invalid Field: 'rank_scale'.", 'stop'],
    [40501, "invalid field: 'target_mode'.", 'stop'],
    [40501, "Invalid Field: 'offset'.", 'fail'],
    [40506, 'Unknown Fields in POST Data: targets', 'stop'],
    [40408, 'target URL is invalid.', 'split'],
    [40402, 'Invalid Path.', 'fail'],
  ])('%i %s: %s', (code, message, action) => {
    expect(actionOf(code, message).action).toBe(action);
  });

  it.each([
    [40205, 3_600_000],
    [40206, 86_400_000],
  ])('%i makes the one call wait', (task, waitMs) => {
    expect(classify(answer({ task, cost: 0 }), ASKED)).toMatchObject({ action: 'wait', waitMs });
  });

  it('fails unlisted 4xxxx and retries unlisted 5xxxx', () => {
    expect(actionOf(40799).action).toBe('fail');
    expect(actionOf(59999).action).toBe('retry');
  });
});
