import { EventEmitter, once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { collect, nanos, SCALED, SHORT_LEASES } from './harness.js';
import type { SentTask } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';

let world: OtherWorld;
/** The number of answers so far, from which a copied item can be told from one that was bought later. */
let answers = 0;
/** Calls with this target wait until the test releases them. */
let held: { readonly target: string; readonly seen: () => void; readonly go: Promise<unknown> } | null = null;

const ITEMS = 1500;

function answer(endpoint: string, { target = '', targets = [], limit = 100, offset = 0 }: SentTask) {
  answers++;
  const answered = endpoint === 'bulk_backlinks' ? bulk(targets) : list(target, { limit, offset });
  if (held === null || ![target, ...targets].includes(held.target)) return answered;
  held.seen();
  return held.go.then(() => answered);
}

function bulk(targets: readonly string[]) {
  if (targets.every((target) => target.startsWith('empty'))) return { refused: 40102, message: 'No Search Results.' };
  const items = targets.map((target) => ({ target, backlinks: answers })).reverse();
  return { result: { items_count: items.length, items }, items: items.length };
}

function list(target: string, { limit, offset }: { limit: number; offset: number }) {
  const total = target.startsWith('short') ? 20 : ITEMS;
  const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => ({
    type: 'backlinks_anchor',
    anchor: `${target} ${offset + at}`,
    backlinks: answers,
  }));
  return { result: { target, total_count: total, items_count: items.length, items }, items: items.length };
}

function hold(target: string): { seen: Promise<unknown>; go: () => void } {
  const [seen, go] = [new EventEmitter(), new EventEmitter()];
  const waits = { seen: once(seen, 'now'), go: once(go, 'now') };
  held = { target, seen: () => seen.emit('now'), go: waits.go };
  return { seen: waits.seen, go: () => go.emit('now') };
}

beforeAll(async () => {
  world = await startOtherWorld(answer, { workers: 2, env: { ...SCALED, ...SHORT_LEASES } });
});
afterAll(() => world.stop());
afterEach(() => {
  held = null;
});

const counts = { endpoint: 'bulk_backlinks' } as const;
const targetsOf = (id: string) => world.tasksOf(id).flatMap(({ targets = [] }) => targets);
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}.com`);

async function run(fields: Parameters<OtherWorld['client']['submit']>[0], targets: readonly string[]) {
  const { id } = await world.client.submit(fields, [...targets]);
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete' });
  return { job, id, results: await collect(world.client.results(id)) };
}

it('rows with a stored answer are answered from it, at no cost, and only the others are bought', async () => {
  const known = named('a', 1200);
  const first = await run(counts, known);
  const empty = await run(counts, named('empty', 2));
  const before = world.upstream.chargedNanos();
  const asked = [...known.toReversed(), ...named('empty', 2), ...named('new', 30)];
  const plain = await world.client.estimate(counts, asked);
  const foreseen = await world.client.estimate({ ...counts, max_age: '7d' }, asked);
  const second = await run({ ...counts, max_age: '7d', tag: 'again' }, asked);
  expect(targetsOf(second.id).sort()).toEqual(named('new', 30).sort());
  expect(world.tasksOf(second.id)).toHaveLength(1);
  expect(nanos(second.job.cost.spent_usd)).toBe(world.upstream.chargedNanos() - before);
  expect(second.job).toMatchObject({ reused: 1202, max_age: '7d' });
  expect(foreseen.cost_usd).toEqual({ low: second.job.cost.spent_usd, high: second.job.cost.spent_usd });
  expect(nanos(foreseen.saved_by_reuse_usd)).toBe(nanos(plain.cost_usd.low) - nanos(foreseen.cost_usd.low));
  expect(plain.saved_by_reuse_usd).toBe(0);
  const { usage } = await world.client.usage({ groupBy: ['tag'] });
  expect(usage.find(({ tag }) => tag === 'again')).toMatchObject({ calls: 1, items: 30 });
  const were = new Map([...first.results, ...empty.results].map((result) => [result.target, result]));
  for (const { target, source, fetched_at, data, status } of second.results) {
    const was = were.get(target);
    if (was === undefined) expect({ target, source }).toEqual({ target, source: 'upstream' });
    else expect({ source, fetched_at, data, status }).toEqual({ ...pick(was), source: 'stored' });
  }
  const rows = await collect(world.client.rows(second.id));
  const paid = rows.reduce((sum, { cost_usd }) => sum + nanos(cost_usd ?? 0), 0);
  expect(paid).toBe(nanos(second.job.cost.spent_usd));
  for (const { target, cost_usd } of rows) expect(were.has(target) ? cost_usd === 0 : (cost_usd ?? 0) > 0).toBe(true);
});

function pick({ fetched_at, data, status }: Awaited<ReturnType<typeof run>>['results'][number]) {
  return { fetched_at, data, status };
}

it('a list is copied page by page, as far as the job wants it, and bought if the stored one is shorter than that', async () => {
  const anchors = { endpoint: 'anchors', max_age: 'P7D' } as const;
  const whole = await run({ ...anchors, max_items_per_target: 2000 }, ['long.com', 'short.com']);
  expect(world.tasksOf(whole.id)).toHaveLength(3);
  const less = await run({ ...anchors, max_items_per_target: 700 }, ['long.com', 'short.com']);
  expect(world.tasksOf(less.id)).toEqual([]);
  expect(less.job).toMatchObject({ items: 720, reused: 2, cost: { spent_usd: 0 } });
  expect(less.results.map(({ data }) => data)).toEqual(
    whole.results.filter(({ position }) => (position ?? 0) < 700).map(({ data }) => data),
  );
  const rows = await collect(world.client.rows(less.id));
  expect(rows.map(({ truncated, items, cost_usd }) => ({ truncated, items, cost_usd }))).toEqual([
    { truncated: 'max_items', items: 700, cost_usd: 0 },
    { truncated: null, items: 20, cost_usd: 0 },
  ]);
  const part = await run({ ...anchors, max_items_per_target: 100 }, ['part.com']);
  const more = await run({ ...anchors, max_items_per_target: 300 }, ['part.com']);
  expect(world.tasksOf(part.id)).toHaveLength(1);
  expect(world.tasksOf(more.id)).toHaveLength(1);
});

it('equal targets of two jobs at once are bought once', async () => {
  const shared = named('both', 40);
  const { seen, go } = hold('both7.com');
  const one = await world.client.submit({ ...counts, max_age: '1h' }, [...shared, ...named('one', 5)]);
  await seen;
  const two = await world.client.submit({ ...counts, max_age: '1h' }, [...named('two', 5), ...shared.toReversed()]);
  const others = await run({ ...counts, max_age: '1h' }, named('apart', 3));
  expect(targetsOf(others.id)).toHaveLength(3);
  go();
  await world.client.waitFor(one.id);
  const job = await world.client.waitFor(two.id);
  expect(job).toMatchObject({ outcome: 'complete', reused: 40 });
  expect(targetsOf(two.id).sort()).toEqual(named('two', 5));
});

it('a long list that two jobs want at once is bought once, page by page', async () => {
  const { seen, go } = hold('long-two.com');
  const anchors = { endpoint: 'anchors', max_age: '1h', max_items_per_target: 2000 } as const;
  const one = await world.client.submit(anchors, ['long-two.com']);
  await seen;
  const two = await world.client.submit(anchors, ['long-two.com']);
  go();
  for (const { id } of [one, two]) {
    expect(await world.client.waitFor(id)).toMatchObject({ outcome: 'complete', items: ITEMS });
  }
  expect(world.tasksOf(one.id)).toHaveLength(2);
  expect(world.tasksOf(two.id)).toEqual([]);
});

it('a buyer that fails leaves the others to buy for themselves', async () => {
  const { seen, go } = hold('stop3.com');
  const one = await world.client.submit({ ...counts, max_age: '1h' }, named('stop', 5));
  await seen;
  const two = await world.client.submit({ ...counts, max_age: '1h' }, named('stop', 5));
  await world.client.cancel(one.id);
  go();
  const job = await world.client.waitFor(two.id);
  expect(job).toMatchObject({ outcome: 'complete' });
  expect(world.upstream.tasks.filter(({ targets = [] }) => targets.includes('stop3.com')).length).toBe(1);
});

it('nothing is reused that is too old, was asked otherwise, was copied itself, or was removed', async () => {
  const first = await run(counts, ['kept.com']);
  const other = await run({ endpoint: 'bulk_ranks', max_age: '7d' }, ['kept.com']).catch(() => null);
  expect(other?.job.reused ?? 0).toBe(0);
  const copied = await run({ ...counts, max_age: '7d' }, ['kept.com']);
  expect(copied.job.reused).toBe(1);
  await world.client.remove(first.id);
  const again = await run({ ...counts, max_age: '7d' }, ['kept.com']);
  expect(again.job.reused).toBe(0);
  expect((await collect(world.client.results(copied.id)))[0]).toMatchObject({ status: 'ok', source: 'stored' });
});
