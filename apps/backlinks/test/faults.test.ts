import { once } from 'node:events';
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { idListEntry, upstreamEnvelope, upstreamTimestamp } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { serveEachTest } from './serve-tests.js';
import { AUTHORIZATION, call, recordOf, recordWith } from './support.js';

const PATH = '/v3/backlinks/bulk_backlinks/live';
const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly-1' };
const COST = 0.024072;
const ONE_ROW = 0.024036;

const server = serveEachTest();

const post = (task: object = TASK, init: RequestInit = {}) => server.post(PATH, [task], init);
const run = (task: object = TASK) => call(server, 'bulk_backlinks', task);
const fault = async (body: object) => expect((await server.control('POST', '/faults', body)).status).toBe(200);

async function listed() {
  const window = {
    datetime_from: upstreamTimestamp(new Date(Date.now() - 60_000)),
    datetime_to: upstreamTimestamp(new Date()),
  };
  const answer = await server.post('/v3/backlinks/id_list', [{ ...window, include_metadata: true }]);
  const envelope = upstreamEnvelope.parse(await answer.json());
  return (envelope.tasks?.[0]?.result ?? []).map((entry) => idListEntry.parse(entry));
}

/** The one request that there was, and what it cost in the record, in the look-up and in the balance alike. */
async function only() {
  const { requests, totals } = await recordWith(server, (seen) => seen.totals.open === 0);
  const entries = await listed();
  expect(entries.reduce((sum, { cost }) => sum + (cost ?? 0), 0)).toBe(totals.cost_usd);
  const account = await (await server.control('GET', '/settings')).json();
  expect(account).toMatchObject({ balance_usd: (100_000_000_000 - Math.round(totals.cost_usd * 1e9)) / 1e9 });
  return { seen: requests[0], entries };
}

describe('what a call is told', () => {
  test('a status befalls the envelope or the task, as often as it was set, at its endpoint only', async () => {
    await fault({ kind: 'status', code: 50000, count: 2, endpoint: 'bulk_backlinks' });
    await fault({ kind: 'status', code: 40103, level: 'task', count: 1 });
    expect(await call(server, 'domain_pages', { target: 'forbes.com' })).toMatchObject({
      tasks_error: 1,
      tasks: [{ status_code: 40103, cost: 0, result: null, data: { target: 'forbes.com' } }],
    });
    expect([await run(), await run(), await run()].map(({ status_code }) => status_code)).toEqual([
      50000, 50000, 20000,
    ]);
    expect(await recordOf(server)).toMatchObject({ totals: { charged: 1 } });
  });

  test('a status may have a text of its own and be charged all the same', async () => {
    await fault({ kind: 'status', code: 40101, level: 'task', message: 'Late.', charged: true, count: 1 });
    await fault({ kind: 'status', code: 50000, charged: true, count: 1 });
    expect(await run()).toMatchObject({
      cost: COST,
      tasks_error: 1,
      tasks: [{ status_code: 40101, status_message: 'Late.', cost: COST, data: TASK }],
    });
    expect(await run()).toMatchObject({ status_code: 50000, cost: COST, tasks: null });
    expect((await listed()).map(({ status, cost }) => [status, cost])).toEqual([
      ['20000', COST],
      ['40101', COST],
    ]);
  });

  test.each([
    ['none', null, ''],
    ['html', 'text/html; charset=utf-8', expect.stringContaining('<html>')],
    ['envelope', 'application/json', expect.stringContaining('"status_code":20000')],
  ])('an HTTP status has a body: %s', async (body, type, text) => {
    await fault({ kind: 'http', http_status: 503, body, retry_after_s: 7, count: 1 });
    const answer = await post();
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('x-linkhaul-simulated')).toBe('1');
    expect([answer.status, await answer.text()]).toEqual([503, text]);
    expect(await only()).toMatchObject({ seen: { http_status: 503, cost_usd: 0, fault: 'http' }, entries: [] });
  });

  test('an HTTP 500 that was charged says so in its envelope, or nowhere', async () => {
    await fault({ kind: 'http', http_status: 500, body: 'envelope', charged: true, count: 1 });
    const answer = await post();
    expect([answer.status, await answer.json()]).toMatchObject([500, { status_code: 20000, tasks: null, cost: COST }]);
    expect(await only()).toMatchObject({ seen: { cost_usd: COST, items: 2 }, entries: [{ status: '20000' }] });
  });

  test.each([
    [{ kind: 'empty_tasks' }, { status_code: 20000, tasks_count: 0, tasks: [], cost: 0 }],
    [{ kind: 'null_tasks' }, { status_code: 20000, tasks_count: 0, tasks: null, cost: 0 }],
    [
      { kind: 'null_tasks', charged: true },
      { tasks: null, cost: COST },
    ],
    [
      { kind: 'null_result' },
      { tasks_error: 0, cost: ONE_ROW, tasks: [{ status_code: 20000, result: null, result_count: 0, data: TASK }] },
    ],
  ])('%j', async (kind, envelope) => {
    await fault({ ...kind, count: 1 });
    expect(await run()).toMatchObject(envelope);
    expect(await only()).toMatchObject({ seen: { fault: kind.kind, http_status: 200 } });
  });

  test.each([true, false])('not_json is a page with HTTP 200, charged: %s', async (charged) => {
    await fault({ kind: 'not_json', charged, count: 1 });
    const answer = await post();
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<html>')]);
    expect(await only()).toMatchObject({ seen: { cost_usd: charged ? COST : 0, status_code: null } });
  });

  test('wrong_task answers another task, and charges this one', async () => {
    await fault({ kind: 'wrong_task' });
    expect(await run()).toMatchObject({
      cost: COST,
      tasks: [{ status_code: 20000, cost: COST, data: { targets: ['example.com'], tag: 'another-task' } }],
    });
    expect(await only()).toMatchObject({ seen: { cost_usd: COST }, entries: [{ metadata: TASK }] });
    const mine = await call(server, 'domain_pages', { target: 'example.com', tag: 'mine' });
    expect(mine.tasks).toMatchObject([{ data: { target: 'example.org' } }]);
  });
});

test.each([
  { kind: 'status', code: 40101, level: 'task', charged: true },
  { kind: 'http', http_status: 500, charged: true },
  { kind: 'null_result' },
  { kind: 'wrong_task' },
])('a malformed task is not charged, even by %j', async (kind) => {
  await fault({ ...kind, count: 1 });
  await (await post({ targets: ['not a host'] })).text();
  expect(await only()).toMatchObject({ seen: { fault: kind.kind, cost_usd: 0 } });
});

describe('how an answer comes', () => {
  test.each([
    ['reset_before', 0],
    ['reset_after', COST],
  ])('%s breaks the connection; it costs %d', async (kind, cost) => {
    await fault({ kind, count: 1 });
    await expect(run()).rejects.toThrow();
    const { seen, entries } = await only();
    expect(seen).toMatchObject({ http_status: null, answered_at: null, cost_usd: cost, fault: kind });
    expect(seen?.ended_at).not.toBeNull();
    expect(entries).toHaveLength(cost === 0 ? 0 : 1);
    expect(await run()).toMatchObject({ status_code: 20000 });
  });

  test('truncated promises the whole and breaks off half-way', async () => {
    await fault({ kind: 'truncated', count: 1 });
    const { head, body } = await raw(PATH, TASK);
    expect(head.statusCode).toBe(200);
    expect(body.length).toBe(Math.floor(Number(head.headers['content-length']) / 2));
    expect(head.complete).toBe(false);
    expect(await only()).toMatchObject({ seen: { http_status: 200, answered_at: null, cost_usd: COST } });
  });

  test('truncated_gzip is a whole message with half a stream', async () => {
    await fault({ kind: 'truncated_gzip', count: 1 });
    const { head, body } = await raw(PATH, TASK);
    expect(head.headers['content-encoding']).toBe('gzip');
    expect(head.complete).toBe(true);
    expect(() => gunzipSync(body)).toThrow();
    expect(await only()).toMatchObject({ seen: { http_status: 200, cost_usd: COST } });
  });

  test('slow_body comes in pieces, and is whole in the end', async () => {
    await fault({ kind: 'slow_body', duration_ms: 40, count: 1 });
    const { head, body, pieces } = await raw(PATH, TASK);
    expect(pieces).toBeGreaterThan(1);
    expect(head.headers['x-linkhaul-simulated']).toBe('1');
    expect(JSON.parse(body.toString())).toMatchObject({ status_code: 20000, cost: COST });
    expect((await only()).seen?.answered_at).not.toBeNull();
  });

  test('delay holds one call up and leaves the others', async () => {
    await fault({ kind: 'delay', delay_ms: 600_000, target: 'cnn.com', count: 1 });
    const delayed = run();
    await recordWith(server, ({ requests }) => requests[0]?.task_id != null);
    expect(await run({ targets: ['forbes.com'] })).toMatchObject({ status_code: 20000 });
    expect((await recordOf(server)).requests[0]).toMatchObject({ ended_at: null, fault: 'delay' });
    server.interrupt();
    expect(await delayed).toMatchObject({ status_code: 20000, cost: COST, tasks: [{ data: TASK }] });
  });

  test('hang ends when the process stops', async () => {
    await fault({ kind: 'hang', count: 1 });
    const hanging = run();
    await recordWith(server, ({ totals }) => totals.charged === 1);
    server.interrupt();
    await expect(hanging).rejects.toThrow();
    expect(await only()).toMatchObject({ seen: { answered_at: null, cost_usd: COST } });
  });

  test.each([{ kind: 'slow_body', duration_ms: 600_000 }, { kind: 'hang' }])(
    '%j keeps its place until the client leaves',
    async (kind) => {
      await server.control('PUT', '/settings', { max_in_flight: 1 });
      await fault({ ...kind, count: 1 });
      const leaving = new AbortController();
      const hanging = post(TASK, { signal: leaving.signal }).then((answer) => answer.text());
      await recordWith(server, ({ totals }) => totals.charged === 1);
      expect(await run()).toMatchObject({ status_code: 40209 });
      leaving.abort();
      await expect(hanging).rejects.toThrow();
      await recordWith(server, ({ totals }) => totals.open === 0);
      expect(await run()).toMatchObject({ status_code: 20000 });
      expect((await recordOf(server)).requests[0]).toMatchObject({ answered_at: null, cost_usd: COST });
    },
  );
});

describe('whom it befalls', () => {
  const FAILED = { kind: 'status', code: 50000 };
  const met = async (task: object) => (await run(task)).status_code === 50000;

  test('all that fits together: a target, the start of a tag, an endpoint', async () => {
    await fault({ ...FAILED, target: 'cnn.com', tag: 'weekly-', endpoint: 'bulk_backlinks' });
    expect(await met(TASK)).toBe(true);
    expect(await met({ ...TASK, tag: 'monthly-1' })).toBe(false);
    expect(await met({ targets: ['cnn.com'] })).toBe(false);
    expect(await met({ ...TASK, targets: ['forbes.com'] })).toBe(false);
    expect(await call(server, 'referring_domains', { target: 'cnn.com', tag: 'weekly-' })).toMatchObject({
      status_code: 20000,
    });
    expect(await met(TASK)).toBe(true);
  });

  test('a share of the calls, the same ones for the same seed', async () => {
    const series = async (body: object) => {
      await server.control('DELETE', '/faults');
      await fault({ ...FAILED, share: 0.5, ...body });
      const all: boolean[] = [];
      for (let i = 0; i < 40; i++) all.push(await met({ targets: ['cnn.com'] }));
      return all;
    };
    const first = await series({});
    const hits = first.filter(Boolean).length;
    expect(hits).toBeGreaterThan(8);
    expect(hits).toBeLessThan(32);
    expect(await series({ seed: 1 })).toEqual(first);
    expect(await series({ seed: 2 })).not.toEqual(first);
    expect((await series({ count: 3 })).filter(Boolean)).toHaveLength(3);
    expect((await series({ share: 0 })).filter(Boolean)).toHaveLength(0);
  });

  test('they are listed with how often they were met, and go when they are removed', async () => {
    await fault({ ...FAILED, count: 5 });
    await run();
    expect(await (await server.control('GET', '/faults')).json()).toEqual([
      { ...FAILED, level: 'envelope', charged: false, count: 5, seed: 1, met: 1 },
    ]);
    expect(await (await server.control('DELETE', '/faults')).json()).toEqual([]);
    expect(await run()).toMatchObject({ status_code: 20000 });
  });

  test.each([
    [{ kind: 'nothing' }, 'kind'],
    [{ ...FAILED, share: 2 }, 'share'],
    [{ kind: 'http', http_status: 200 }, 'http_status'],
    [{ ...FAILED, targets: ['a.com'] }, 'targets'],
  ])('%j is refused by name', async (body, name) => {
    const answer = await server.control('POST', '/faults', body);
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(name)]);
  });
});

/** A call by Node's own client, which shows what came of an answer that is not whole. */
async function raw(path: string, task: object) {
  const sent = request(server.url + path, { method: 'POST', headers: { authorization: AUTHORIZATION } });
  sent.end(JSON.stringify([task]));
  const [head] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  head.on('data', (chunk: Buffer) => chunks.push(chunk));
  head.on('error', () => {});
  await new Promise((resolve) => head.once('close', resolve));
  return { head, body: Buffer.concat(chunks), pieces: chunks.length };
}
