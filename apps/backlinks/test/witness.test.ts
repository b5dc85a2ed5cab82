import { nanosOf } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { serveEachTest } from './serve-tests.js';
import { AUTHORIZATION, call, getEnvelope, recordOf, recordWith, startServer } from './support.js';

const PATH = '/v3/backlinks/bulk_backlinks/live';
const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly' };
const COST = 0.024072;

let clock = Date.parse('2026-03-01T12:00:00.500Z');
const server = serveEachTest({ now: () => clock });

const run = () => call(server, 'bulk_backlinks', TASK);
const fault = async (body: object) => expect((await server.control('POST', '/faults', body)).status).toBe(200);
const settings = (body: object) => server.control('PUT', '/settings', body);

describe('limits', () => {
  test('the rate is a rolling minute, over every kind of request', async () => {
    await settings({ max_per_minute: 3 });
    expect(await run()).toMatchObject({ status_code: 20000 });
    await fetch(`${server.url}/v3/appendix/user_data`, { headers: { authorization: AUTHORIZATION } });
    await server.post('/v3/backlinks/id_list', [{}]);
    expect(await run()).toMatchObject({
      status_code: 40202,
      status_message: 'The rate-limit per minute has been exceeded.',
      tasks_count: 0,
      tasks: null,
    });
    clock += 59_999;
    expect(await run()).toMatchObject({ status_code: 40202 });
    clock += 1;
    expect(await run()).toMatchObject({ status_code: 20000 });
    expect(await recordOf(server)).toMatchObject({ totals: { requests: 6, charged: 2, max_rolling_minute: 5 } });
  });

  test('one request more than may be in flight is refused, and a place is free after an answer', async () => {
    await settings({ max_in_flight: 1 });
    await fault({ kind: 'hang', count: 1 });
    const leaving = new AbortController();
    const hanging = server.post(PATH, [TASK], { signal: leaving.signal });
    await recordWith(server, ({ totals }) => totals.requests === 1);
    expect(await run()).toMatchObject({
      status_code: 40209,
      status_message: 'Too many simultaneous queries.',
      tasks: null,
    });
    leaving.abort();
    await expect(hanging).rejects.toThrow();
    await expect.poll(async () => (await run()).status_code).not.toBe(40209);
    const { requests, totals } = await recordOf(server);
    expect(requests[0]).toMatchObject({ http_status: null, answered_at: null, cost_usd: COST, in_flight: 1 });
    expect(requests[1]).toMatchObject({ status_code: 40209, in_flight: 2, cost_usd: 0 });
    expect(totals).toMatchObject({ charged: 2, cost_usd: 0.048144, max_in_flight: 2 });
  });

  test('free requests count too', async () => {
    await settings({ max_per_minute: 1 });
    await getEnvelope(server, '/v3/backlinks/index');
    expect(await getEnvelope(server, '/v3/appendix/errors')).toMatchObject({ status_code: 40202 });
    expect(await run()).toMatchObject({ status_code: 40202 });
  });
});

describe('money', () => {
  const balance = async () => {
    const [task] = (await getEnvelope(server, '/v3/appendix/user_data')).tasks ?? [];
    return task?.result?.[0];
  };

  test.each([200, 402])('a call that the balance cannot pay is refused, at HTTP %d where so set', async (status) => {
    await settings({ balance_usd: COST, funds_http_status: status });
    const dear = await server.post(PATH, [{ targets: ['forbes.com', 'cnn.com', 'apple.com'] }]);
    expect(dear.status).toBe(status);
    expect(await dear.json()).toMatchObject({ status_code: 40210, tasks: null, cost: 0 });
    expect(await run()).toMatchObject({ status_code: 20000, cost: COST });
    expect(await balance()).toMatchObject({ money: { balance: 0 } });
  });

  test.each([
    ['bulk_backlinks', { targets: ['not a host'] }, 40501],
    ['bulk_backlinks', { targets: ['forbes.com'], limits: 1 }, 40506],
    ['domain_pages', { target: 'forbes.com', filters: ['nothing', '=', 1] }, 40501],
  ])('what is wrong with a task of %s %j is said whatever the balance', async (name, task, code) => {
    await settings({ balance_usd: 0 });
    expect(await call(server, name, task)).toMatchObject({
      status_code: 20000,
      cost: 0,
      tasks: [{ status_code: code }],
    });
  });

  test('a target that is there twice is one row', async () => {
    await settings({ balance_usd: COST });
    const targets = Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? 'forbes.com' : 'cnn.com'));
    expect(await call(server, 'bulk_backlinks', { targets })).toMatchObject({ status_code: 20000, cost: COST });
  });

  test('calls at once do not count on the same money', async () => {
    await settings({ balance_usd: 3 * COST });
    const codes = await Promise.all(Array.from({ length: 8 }, async () => (await run()).status_code));
    expect(codes.filter((code) => code === 20000)).toHaveLength(3);
    expect(codes.filter((code) => code === 40210)).toHaveLength(5);
  });

  test('is exact to the last digit, and what failed gives back what was set aside', async () => {
    await settings({ balance_usd: 1 });
    const counts = [1, 7, 13, 101];
    for (const count of counts) {
      await call(server, 'bulk_backlinks', { targets: Array.from({ length: count }, (_, i) => `site-${i}.com`) });
      await call(server, 'bulk_backlinks', { targets: ['not a host'] });
    }
    const spent = counts.reduce((sum, count) => sum + 24_000_000 + 36_000 * count, 0);
    expect(nanosOf((await recordOf(server)).totals.cost_usd)).toBe(spent);
    expect(await balance()).toMatchObject({ money: { total: 1, balance: (1_000_000_000 - spent) / 1e9 } });
  });

  test('a day may cost no more than is set, and the next day is another', async () => {
    await settings({ cost_limit_usd: 2 * COST });
    expect([await run(), await run(), await run()].map(({ status_code }) => status_code)).toEqual([
      20000, 20000, 40203,
    ]);
    clock += 86_400_000;
    expect(await run()).toMatchObject({ status_code: 20000 });
  });

  test('the prices before July 2026 can be had', async () => {
    await settings({ price: 'before_2026_07' });
    expect(await run()).toMatchObject({ cost: 0.02006, tasks: [{ cost: 0.02006 }] });
    expect(await call(server, 'domain_pages', { target: 'nobody-knows-it.com' })).toMatchObject({ cost: 0.02003 });
  });
});

describe('latency', () => {
  test.each([
    { kind: 'uniform', min_ms: 1, max_ms: 3 },
    { kind: 'exponential', mean_ms: 2 },
    { kind: 'lognormal', median_ms: 1, p99_ms: 2 },
  ])('may be drawn: %j', async (latency_ms) => {
    expect(await (await settings({ latency_ms })).json()).toMatchObject({ latency_ms: { ...latency_ms, seed: 1 } });
    expect(await run()).toMatchObject({ status_code: 20000 });
  });

  test('a distribution that makes no sense is named', async () => {
    const answer = await settings({ latency_ms: { kind: 'uniform', min_ms: 2, max_ms: 1 } });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('max_ms')]);
  });
});

describe('record', () => {
  test('tells of every request, and reset forgets it', async () => {
    await run();
    await call(server, 'domain_pages', { target: 'not a host' });
    await fetch(`${server.url}/v3/backlinks/bulk_backlinks/live`, { method: 'POST' });
    const { requests, totals } = await recordOf(server);
    expect(requests).toMatchObject([
      {
        path: '/v3/backlinks/bulk_backlinks/live',
        tag: 'weekly',
        http_status: 200,
        task_status_code: 20000,
        cost_usd: COST,
        items: 2,
        n: 1,
        endpoint: 'bulk_backlinks',
        targets: 2,
        task_id: expect.stringContaining('-0348-'),
        fault: null,
        at: new Date(clock).toISOString(),
        answered_at: new Date(clock).toISOString(),
        ended_at: new Date(clock).toISOString(),
      },
      { tag: null, status_code: 20000, task_status_code: 40501, cost_usd: 0, items: 0 },
      { http_status: 401, status_code: 40100, task_status_code: null },
    ]);
    expect(totals).toEqual({
      requests: 3,
      charged: 1,
      cost_usd: COST,
      items: 2,
      open: 0,
      max_in_flight: 1,
      max_rolling_minute: 3,
      codes: { 20000: 1, 40100: 1, 40501: 1 },
    });
    await settings({ max_in_flight: 1 });
    expect(await (await server.control('POST', '/reset')).json()).toMatchObject({ max_in_flight: 30 });
    expect(await recordOf(server)).toMatchObject({ requests: [], totals: { requests: 0, charged: 0, cost_usd: 0 } });
  });

  test('is read page by page', async () => {
    for (let i = 0; i < 3; i++) await run();
    const first = await recordOf(server, '?limit=2');
    expect(first).toMatchObject({ requests: [{ n: 1 }, { n: 2 }], next: 2, totals: { requests: 3 } });
    const second = await recordOf(server, `?since=${first.next}`);
    expect(second).toMatchObject({ requests: [{ n: 3 }], next: 3 });
    expect(await recordOf(server, '?since=3')).toMatchObject({ requests: [], next: 3 });
    expect((await server.control('GET', '/record?since=x')).status).toBe(422);
  });

  test('keeps as many requests as are set, and counts them all', async () => {
    await settings({ record_kept: 2 });
    for (let i = 0; i < 5; i++) await run();
    const { requests, totals } = await recordOf(server);
    expect(requests.map(({ n }) => n)).toEqual([4, 5]);
    expect(totals).toMatchObject({ requests: 5, charged: 5, items: 10, cost_usd: (5 * 24_072_000) / 1e9 });
  });

  test('is not there without the switch, and a wrong setting is named', async () => {
    const closed = await startServer(server.graph, { control: false });
    expect((await closed.control('GET', '/record')).status).toBe(404);
    await closed.stop();
    const answer = await settings({ latency: 5 });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('latency') });
  });
});
