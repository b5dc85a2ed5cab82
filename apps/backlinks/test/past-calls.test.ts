import { idListEntry, upstreamEnvelope, upstreamTimestamp } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { createPastCalls } from '../src/past-calls.js';
import { serveEachTest } from './serve-tests.js';
import { call, openSmallGraph, recordWith } from './support.js';

const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly' };
const COST = 0.024072;
const DAY_MS = 86_400_000;

let clock = Date.parse('2026-03-01T12:00:00.500Z');
const server = serveEachTest({ now: () => clock });

const run = () => call(server, 'bulk_backlinks', TASK);
const settings = (body: object) => server.control('PUT', '/settings', body);

async function post(path: string, task: object) {
  return upstreamEnvelope.parse(await (await server.post(path, [task])).json());
}
async function idList(task: object) {
  const envelope = await post('/v3/backlinks/id_list', task);
  return { envelope, entries: (envelope.tasks?.[0]?.result ?? []).map((entry) => idListEntry.parse(entry)) };
}
const at = (ms: number) => upstreamTimestamp(new Date(ms));
const around = () => ({ datetime_from: at(clock - 1000), datetime_to: at(clock) });

describe('id_list', () => {
  test('lists live calls, failed ones too, with their requests', async () => {
    const [posted] = (await run()).tasks ?? [];
    await call(server, 'domain_pages', { target: 'not a host', tag: 'bad' });
    const { envelope, entries } = await idList({ ...around(), include_metadata: true, sort: 'asc' });
    expect(envelope).toMatchObject({ cost: 0, tasks: [{ result_count: 2, status_code: 20000 }] });
    const now = at(clock);
    expect(entries).toEqual([
      {
        id: posted?.id,
        url: `${server.url}/v3/backlinks/bulk_backlinks/live`,
        datetime_posted: now,
        datetime_done: now,
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
    await recordWith(server, ({ totals }) => totals.requests === 1);
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

  test.each([
    ['an end before the start', { datetime_from: at(DAY_MS), datetime_to: at(0) }, 'datetime_from'],
    ['more than six months', { datetime_from: at(0), datetime_to: at(185 * DAY_MS) }, 'datetime_from'],
    [
      'more than a month with metadata',
      { datetime_from: at(0), datetime_to: at(32 * DAY_MS), include_metadata: true },
      'datetime_from',
    ],
    ['a day that never was', { datetime_from: '2026-02-30 00:00:00 +00:00', datetime_to: at(0) }, 'datetime_from'],
    ['another zone', { datetime_from: at(0), datetime_to: '1970-01-01 00:00:00 +02:00' }, 'datetime_to'],
    [
      'what is older than six months',
      { datetime_from: at(clock - 185 * DAY_MS), datetime_to: at(clock) },
      'datetime_from',
    ],
    [
      'what is older than a month with metadata',
      { datetime_from: at(clock - 32 * DAY_MS), datetime_to: at(clock - 31 * DAY_MS), include_metadata: true },
      'datetime_from',
    ],
    ['too many', { datetime_from: at(0), datetime_to: at(0), limit: 1001 }, 'limit'],
    ['none', { datetime_from: at(0), datetime_to: at(0), limit: 0 }, 'limit'],
    ['another order', { datetime_from: at(0), datetime_to: at(0), sort: 'up' }, 'sort'],
  ])('refuses %s', async (_name, task, field) => {
    const { envelope } = await idList(task);
    expect(envelope).toMatchObject({ status_code: 20000, tasks_error: 1, cost: 0 });
    expect(envelope.tasks?.[0]).toMatchObject({ status_code: 40501, status_message: `Invalid Field: '${field}'.` });
  });

  test.each([
    [184, false],
    [31, true],
  ])('takes %d days, with metadata %s', async (days, include_metadata) => {
    await run();
    const window = { datetime_from: at(clock - days * DAY_MS), datetime_to: at(clock) };
    expect((await idList({ ...window, include_metadata, limit: null, sort: null })).entries).toHaveLength(1);
  });

  test('may fail as any call, where a fault names it', async () => {
    await server.control('POST', '/faults', { kind: 'status', code: 50000, level: 'task', count: 1 });
    await server.control('POST', '/faults', { kind: 'status', code: 50301, endpoint: 'id_list', count: 1 });
    expect((await idList(around())).envelope).toMatchObject({ status_code: 50301, tasks: null });
    expect((await idList(around())).envelope).toMatchObject({ tasks_error: 0 });
  });
});

describe('errors', () => {
  const errors = async (task: object) => (await post('/v3/backlinks/errors', task)).tasks?.[0];

  test('lists the tasks that failed, the latest first', async () => {
    await run();
    const [bad] = (await call(server, 'domain_pages', { target: 'not a host' })).tasks ?? [];
    clock += 1000;
    await server.control('POST', '/faults', { kind: 'status', code: 40103, level: 'task', count: 1 });
    await run();
    const found = await errors({});
    expect(found).toMatchObject({ cost: 0, status_code: 20000, result_count: 2, path: ['v3', 'backlinks', 'errors'] });
    expect(found?.result).toEqual([
      expect.objectContaining({ function: 'backlinks/bulk_backlinks', error_code: 40103 }),
      {
        id: bad?.id,
        datetime: at(clock - 1000),
        function: 'backlinks/domain_pages',
        error_code: 40501,
        error_message: "Invalid Field: 'target'.",
        http_url: `${server.url}/v3/backlinks/domain_pages/live`,
        http_method: 'POST',
        http_code: 200,
        http_time: 0,
        http_response: null,
      },
    ]);
    expect(await errors({ limit: 1, offset: 1 })).toMatchObject({ result: [{ id: bad?.id }] });
    expect(await errors({ filtered_function: 'backlinks/domain_pages' })).toMatchObject({ result: [{ id: bad?.id }] });
    expect(await errors({ filtered_function: 'backlinks/anchors' })).toMatchObject({ result: null });
    expect(await errors({ datetime_to: at(clock - 1000) })).toMatchObject({ result: [{ id: bad?.id }] });
    expect(await errors({ datetime_from: at(clock), limit: null, filtered_function: null })).toMatchObject({
      result: [{ error_code: 40103 }],
    });
    clock += 7 * DAY_MS;
    expect(await errors({ datetime_from: at(0) })).toMatchObject({ result: [{ error_code: 40103 }] });
    clock += 1;
    expect(await errors({})).toMatchObject({ result: null });
  });

  test('lists each task that a call did not run', async () => {
    const answer = await server.post('/v3/backlinks/bulk_backlinks/live', [TASK, { targets: ['a.com'] }, TASK]);
    const [, second, third] = upstreamEnvelope.parse(await answer.json()).tasks ?? [];
    expect(await errors({})).toMatchObject({
      result: [
        { id: third?.id, error_code: 40000 },
        { id: second?.id, error_code: 40000 },
      ],
    });
  });

  test('lists a call that failed inside, which id_list does not take for one that runs', async () => {
    const closed = await openSmallGraph();
    closed.close();
    await server.restart(closed);
    expect(await run()).toMatchObject({ status_code: 50000, tasks: null });
    const [entry] = (await idList(around())).entries;
    expect(entry).toMatchObject({ status: '50000', cost: 0, datetime_done: at(clock) });
    expect(await errors({})).toMatchObject({ result: [{ id: entry?.id, error_code: 50000, http_code: 500 }] });
  });

  test.each([
    [{ limit: 1001 }, 40501, "Invalid Field: 'limit'."],
    [{ datetime_from: 'today' }, 40501, "Invalid Field: 'datetime_from'."],
    [{ sort: 'asc' }, 40506, 'Unknown Fields in POST Data: sort'],
  ])('refuses %j', async (task, status_code, status_message) => {
    expect(await errors(task)).toMatchObject({ status_code, status_message, result: null });
  });
});

test('older calls keep of their metadata all but the targets, if it is short', () => {
  const calls = createPastCalls(() => clock, 150);
  const begin = (task: object) => calls.begin({ id: '', url: '', name: 'bulk_backlinks', task: { ...task } });
  begin({ filters: 'x'.repeat(5000) });
  for (const tag of ['second', 'third']) begin({ targets: ['x'.repeat(60)], tag });
  const kept = calls.within(clock, clock).map(({ metadata }) => Object.keys(JSON.parse(metadata)));
  expect(kept).toEqual([[], ['tag'], ['targets', 'tag']]);
});
