import { upstreamEnvelope } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { serveEachTest } from './serve-tests.js';
import { call, openSmallGraph, recordOf, startServer } from './support.js';

const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly' };
const COST = 0.024072;
const BASE = '/apis/v1/dataforseo';
const LIVE = '/backlinks/bulk_backlinks/live';

let clock = Date.parse('2026-03-01T12:00:00.500Z');
const server = serveEachTest({ now: () => clock });

const settings = (body: object) => server.control('PUT', '/settings', body);

function post(body: unknown, { path = LIVE, headers = {} }: { path?: string; headers?: Record<string, string> } = {}) {
  return server.post(BASE + path, body, { headers: { authorization: 'Bearer key', ...headers } });
}

async function said(answer: Response) {
  return [answer.status, await answer.json()];
}

describe('a call through the gateway', () => {
  test.each([
    ['a bare object', TASK],
    ['an array of one', [TASK]],
  ])('as %s gets the upstream’s own answer', async (_, body) => {
    const answer = await post(body);
    expect([answer.status, answer.headers.get('x-linkhaul-simulated')]).toEqual([200, '1']);
    const envelope = upstreamEnvelope.parse(await answer.json());
    const direct = await call(server, 'bulk_backlinks', TASK);
    expect(envelope).toMatchObject({ status_code: 20000, cost: COST, tasks_count: 1 });
    expect(envelope.tasks?.[0]).toMatchObject({ path: ['v3', 'backlinks', 'bulk_backlinks', 'live'], data: TASK });
    expect(Object.keys(envelope)).toEqual(Object.keys(direct));
    const result = { ...direct.tasks?.[0], id: expect.anything(), time: expect.anything(), result: expect.anything() };
    expect(envelope.tasks?.[0]).toEqual(result);
  });

  test.each(['bulk_pages_summary', 'domain_pages', 'domain_pages_summary', 'referring_domains'])(
    'reaches %s too',
    async (name) => {
      const task = name.startsWith('bulk') ? TASK : { target: 'forbes.com' };
      const [status, body] = await said(await post(task, { path: `/backlinks/${name}/live` }));
      expect([status, body]).toMatchObject([200, { tasks: [{ status_code: 20000, result_count: 1 }] }]);
    },
  );

  test('that the upstream refuses is HTTP 200', async () => {
    expect(await said(await post({ targets: ['not a host'] }))).toMatchObject([
      200,
      { status_code: 20000, tasks_error: 1, tasks: [{ status_code: 40501, cost: 0, result: null }] },
    ]);
    expect(await said(await post({}))).toMatchObject([200, { tasks: [{ status_code: 40501 }] }]);
    expect(await said(await post([TASK, TASK]))).toMatchObject([
      200,
      { cost: COST, tasks: [{ status_code: 20000 }, { status_code: 40000, cost: 0 }] },
    ]);
  });

  test('is recorded, charged and met by faults as any other', async () => {
    await settings({ balance_usd: 1 });
    await post(TASK);
    await call(server, 'bulk_backlinks', TASK);
    await server.control('POST', '/faults', { kind: 'status', code: 50000, level: 'task', count: 1 });
    expect(await said(await post(TASK))).toMatchObject([200, { tasks: [{ status_code: 50000 }] }]);
    const { requests, totals } = await recordOf(server);
    expect(requests.map(({ path }) => path)).toEqual([BASE + LIVE, `/v3${LIVE}`, BASE + LIVE]);
    expect(requests[0]).toMatchObject({ tag: 'weekly', http_status: 200, task_status_code: 20000, cost_usd: COST });
    expect(totals).toMatchObject({ requests: 3, charged: 2, cost_usd: 2 * COST });
    expect(await (await settings({})).json()).toMatchObject({ balance_usd: 1 - 2 * COST });
  });
});

describe('the gateway’s own errors', () => {
  test.each([
    ['without a key', '', 'missing_api_key'],
    ['with a login', `Basic ${Buffer.from('local:secret').toString('base64')}`, 'missing_api_key'],
    ['with a wrong key', 'Bearer nobody', 'invalid_api_key'],
  ])('%s: 401', async (_, authorization, code) => {
    const answer = await post(TASK, { headers: { authorization, 'x-request-id': 'mine' } });
    const body = { code, error: expect.any(String), request_id: 'mine' };
    expect(await said(answer)).toEqual([401, body]);
    expect(answer.headers.get('x-request-id')).toBe('mine');
    expect(await recordOf(server)).toMatchObject({
      requests: [{ http_status: 401, status_code: null, cost_usd: 0 }],
      totals: { charged: 0 },
    });
  });

  test.each(['', 'no JSON', '[]', '["a.com"]', '7'])('a body like %j: 400', async (body) => {
    expect(await said(await post(body))).toEqual([400, { error: expect.any(String) }]);
  });

  test('a balance that is too low: 402, and nothing is run', async () => {
    await settings({ balance_usd: 0.01 });
    const error = { code: 'insufficient_wallet_balance', message: expect.any(String), retryable: false };
    expect(await said(await post(TASK))).toEqual([402, { error }]);
    expect(await recordOf(server)).toMatchObject({ requests: [{ http_status: 402, cost_usd: 0 }] });
  });

  test('too many a minute: 429, with the seconds until there is room', async () => {
    await settings({ max_per_minute: 2 });
    await post(TASK);
    clock += 20_000;
    await post(TASK);
    clock += 500;
    const refused = await post(TASK);
    const body = { code: 'rate_limit_exceeded', error: expect.any(String), request_id: expect.any(String) };
    expect(await said(refused)).toEqual([429, body]);
    expect(refused.headers.get('retry-after')).toBe('40');
    clock += 39_500;
    expect((await post(TASK)).status).toBe(200);
    await settings({ max_per_minute: 0 });
    expect((await post(TASK)).headers.get('retry-after')).toBe('60');
  });

  test('too many at once: 429, and the limits are those of the account, at both faces', async () => {
    await settings({ max_in_flight: 0 });
    const refused = await post(TASK);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await call(server, 'bulk_backlinks', TASK)).toMatchObject({ status_code: 40209 });
  });

  test.each(['/backlinks/id_list', '/appendix/user_data', '/v3/backlinks/bulk_backlinks/live', ''])(
    'no such path as %j: 404',
    async (path) => {
      expect(await said(await post(TASK, { path }))).toEqual([404, { error: expect.any(String) }]);
    },
  );

  test('a failure inside: 502, without a word of what it was', async () => {
    const closed = await openSmallGraph();
    closed.close();
    const broken = await startServer(closed);
    const answer = await broken.post(BASE + LIVE, TASK, { headers: { authorization: 'Bearer key' } });
    expect(await said(answer)).toEqual([502, { error: 'provider request failed' }]);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/);
    await broken.stop();
  });
});
