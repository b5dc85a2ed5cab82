import { idListEntry, upstreamEnvelope, upstreamTimestamp } from '@linkhaul/schemas';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Graph } from '../src/graph/open.js';
import { AUTHORIZATION, call, openSmallGraph, recordOf, type Server, startServer } from './support.js';

const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly' };
const COST = 0.024072;

let graph: Graph;
let server: Server;
let clock = Date.parse('2026-03-01T12:00:00.500Z');
beforeAll(async () => {
  graph = await openSmallGraph();
});
afterAll(() => graph.close());
beforeEach(async () => {
  server = await startServer(graph, { now: () => clock });
});
afterEach(() => server.stop());

const run = () => call(server, 'bulk_backlinks', TASK);
const fault = async (body: object) => expect((await server.control('POST', '/faults', body)).status).toBe(200);
const settings = (body: object) => server.control('PUT', '/settings', body);

async function idList(task: object) {
  const answer = await server.post('/v3/backlinks/id_list', [task]);
  const envelope = upstreamEnvelope.parse(await answer.json());
  return { envelope, entries: (envelope.tasks?.[0]?.result ?? []).map((entry) => idListEntry.parse(entry)) };
}
const around = () => ({
  datetime_from: upstreamTimestamp(new Date(clock - 1000)),
  datetime_to: upstreamTimestamp(new Date(clock)),
});

/** Asks again until the server has seen that many requests. */
async function arrived(count: number): Promise<void> {
  while ((await recordOf(server)).requests.length < count);
}

describe('limits', () => {
  test('the rate is a rolling minute, over every kind of request', async () => {
    await settings({ max_per_minute: 3 });
    expect(await run()).toMatchObject({ status_code: 20000 });
    await fetch(`${server.url}/v3/appendix/user_data`, { headers: { authorization: AUTHORIZATION } });
    await idList(around());
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
    const hanging = server.post('/v3/backlinks/bulk_backlinks/live', [TASK], { signal: leaving.signal });
    await arrived(1);
    expect(await run()).toMatchObject({
      status_code: 40209,
      status_message: 'Too many simultaneous queries.',
      tasks: null,
    });
    leaving.abort();
    await expect(hanging).rejects.toThrow();
    while ((await run()).status_code === 40209);
    const { requests, totals } = await recordOf(server);
    expect(requests[0]).toMatchObject({ http_status: null, answered_at: null, cost_usd: COST, in_flight: 1 });
    expect(requests[1]).toMatchObject({ status_code: 40209, in_flight: 2, cost_usd: 0 });
    expect(totals).toMatchObject({ charged: 2, cost_usd: 0.048144, max_in_flight: 2 });
  });

  test('an account without funds is refused', async () => {
    await settings({ balance_usd: 0.01 });
    expect(await run()).toMatchObject({ status_code: 40210, tasks: null, cost: 0 });
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
      },
      { tag: null, status_code: 20000, task_status_code: 40501, cost_usd: 0, items: 0 },
      { http_status: 401, status_code: 40100, task_status_code: null },
    ]);
    expect(totals).toEqual({ requests: 3, charged: 1, cost_usd: COST, max_in_flight: 1, max_rolling_minute: 3 });
    await settings({ max_in_flight: 1 });
    expect(await (await server.control('POST', '/reset')).json()).toMatchObject({ max_in_flight: 30 });
    expect(await recordOf(server)).toMatchObject({ requests: [], totals: { requests: 0, charged: 0, cost_usd: 0 } });
  });

  test('is not there without the switch, and a wrong setting is named', async () => {
    const closed = await startServer(graph, { control: false });
    expect((await closed.control('GET', '/record')).status).toBe(404);
    await closed.stop();
    const answer = await settings({ latency: 5 });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('latency') });
  });
});

describe('id_list', () => {
  test('lists live calls, failed ones too, with their requests', async () => {
    const [posted] = (await run()).tasks ?? [];
    await call(server, 'domain_pages', { target: 'not a host', tag: 'bad' });
    const { envelope, entries } = await idList({ ...around(), include_metadata: true, sort: 'asc' });
    expect(envelope).toMatchObject({ cost: 0, tasks: [{ result_count: 2, status_code: 20000 }] });
    const at = upstreamTimestamp(new Date(clock));
    expect(entries).toEqual([
      {
        id: posted?.id,
        url: `${server.url}/v3/backlinks/bulk_backlinks/live`,
        datetime_posted: at,
        datetime_done: at,
        status: '20000',
        cost: COST,
        metadata: TASK,
      },
      expect.objectContaining({ status: '40501', cost: 0, metadata: { target: 'not a host', tag: 'bad' } }),
    ]);
  });

  test('takes both ends in, pages, and says nothing of what it was not asked for', async () => {
    await run();
    clock += 1000;
    await run();
    const both = await idList(around());
    expect(both.entries).toHaveLength(2);
    expect(both.entries[0]).not.toHaveProperty('metadata');
    expect((await idList({ ...around(), limit: 1, offset: 1 })).entries).toEqual([both.entries[1]]);
    clock += 2000;
    expect((await idList(around())).envelope.tasks?.[0]).toMatchObject({ result_count: 0, result: null });
  });

  test('a call that still runs has no end', async () => {
    await settings({ latency_ms: 600_000 });
    const running = run();
    await arrived(1);
    let entries = (await idList(around())).entries;
    while (entries.length === 0) entries = (await idList(around())).entries;
    expect(entries).toMatchObject([{ status: null, cost: 0 }]);
    expect(entries[0]).not.toHaveProperty('datetime_done');
    await server.stop();
    expect(await running).toMatchObject({ status_code: 20000 });
  });

  test('has a limit of its own, and refuses what it cannot read', async () => {
    await settings({ id_list_per_minute: 2 });
    const { envelope } = await idList({ ...around(), datetime_to: 'today' });
    expect(envelope.tasks?.[0]).toMatchObject({ status_code: 40501, status_message: "Invalid Field: 'datetime_to'." });
    expect((await idList({})).envelope.tasks?.[0]).toMatchObject({ status_message: "Invalid Field: 'datetime_from'." });
    expect((await idList(around())).envelope).toMatchObject({ status_code: 40202, tasks: null });
  });
});

describe('faults', () => {
  test('a status befalls the envelope or the task, as often as it was set, at its endpoint only', async () => {
    await fault({ kind: 'status', code: 50000, count: 2, endpoint: 'bulk_backlinks' });
    await fault({ kind: 'status', code: 40103, level: 'task', count: 1 });
    expect(await call(server, 'domain_pages', { target: 'forbes.com' })).toMatchObject({
      tasks_error: 1,
      tasks: [{ status_code: 40103, cost: 0, result: null }],
    });
    expect([await run(), await run(), await run()].map(({ status_code }) => status_code)).toEqual([
      50000, 50000, 20000,
    ]);
    expect(await recordOf(server)).toMatchObject({ totals: { charged: 1 } });
  });

  test('an HTTP status has no body', async () => {
    await fault({ kind: 'http', http_status: 502, count: 1 });
    const answer = await server.post('/v3/backlinks/bulk_backlinks/live', [TASK]);
    expect([answer.status, await answer.text()]).toEqual([502, '']);
  });

  test.each([
    ['reset_before', 0],
    ['reset_after', 1],
  ])('%s breaks the connection; calls charged and listed: %d', async (kind, charged) => {
    await fault({ kind, count: 1 });
    await expect(run()).rejects.toThrow();
    expect((await idList(around())).entries).toHaveLength(charged);
    const { requests, totals } = await recordOf(server);
    expect(totals.charged).toBe(charged);
    expect(requests[0]).toMatchObject({ http_status: null, answered_at: null });
    expect(await run()).toMatchObject({ status_code: 20000 });
  });
});
