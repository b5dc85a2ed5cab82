import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { collect, nanos, SCALED, SHORT_LEASES } from './harness.js';
import type { SentTask } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';

const LINKS = 23_400;
const MAX_OFFSET = 20_000;
const PAGE_USD = 0.05;
/** The whole list of a target, however long. */
const all = { endpoint: 'backlinks', max_items_per_target: null, max_cost_usd: 5 } as const;

let world: OtherWorld;
/** The places in the list at which a token is refused, and a page at which calls wait until the test releases them. */
let refusedAt: (at: number) => boolean = () => false;
let held: { readonly at: number; readonly seen: () => void; readonly go: Promise<void> } | null = null;

/** As strict as the documentation: with a token, every field must be as on the first page. */
function answer(_: string, task: SentTask) {
  const { target = '', limit = 100, offset = 0, search_after_token: token } = task;
  const [at = offset, ...asked] = token === undefined ? [] : JSON.parse(token);
  const isSame = token === undefined || JSON.stringify(asked) === JSON.stringify([target, limit, offset]);
  if (!isSame || (token !== undefined && refusedAt(at))) {
    return { refused: 40501, message: "Invalid Field: 'search_after_token'." };
  }
  if (offset > MAX_OFFSET) return { refused: 40501, message: "Invalid Field: 'offset'." };
  const items = Array.from({ length: Math.max(0, Math.min(limit, LINKS - at)) }, (_, place) => ({
    type: 'backlink',
    url_from: `https://from.org/${at + place}`,
    url_to: `https://${target}/`,
  }));
  const next = JSON.stringify([at + limit, target, limit, 0]);
  const result = { target, total_count: LINKS, items_count: items.length, items, search_after_token: next };
  const answered = { result, items: items.length };
  if (held === null || held.at !== at) return answered;
  held.seen();
  return held.go.then(() => answered);
}

beforeAll(async () => {
  world = await startOtherWorld(answer, { env: { ...SCALED, ...SHORT_LEASES, UPSTREAM_UNKNOWN_MAX_MS: '1000' } });
});
afterAll(() => world.stop());
afterEach(() => {
  refusedAt = () => false;
  held = null;
});

/** Checks that the results are the first links of the list, in order, each once. */
async function expectLinks(id: string, count: number): Promise<void> {
  const results = await collect(world.client.results(id));
  const found = results.filter(({ position }) => position !== null);
  expect(found.map(({ data }) => data?.url_from)).toEqual(
    Array.from({ length: count }, (_, at) => `https://from.org/${at}`),
  );
}

it('a list of more items than offsets reach is bought whole, each page once', async () => {
  const before = world.upstream.chargedNanos();
  const { id } = await world.client.submit(all, ['a.com']);
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', items: LINKS });
  await expectLinks(id, LINKS);
  const tasks = world.tasksOf(id);
  expect(tasks).toHaveLength(24);
  expect(tasks.every(({ limit, offset }) => limit === 1000 && offset === 0)).toBe(true);
  expect(nanos(job.cost.spent_usd)).toBe(world.upstream.chargedNanos() - before);
});

it('a limit within a page is kept, and a budget that ends between two pages buys none twice', async () => {
  const before = world.upstream.chargedNanos();
  const limited = { ...all, max_items_per_target: 21_500, max_cost_usd: 10.5 * PAGE_USD };
  const { id } = await world.client.submit(limited, ['b.com']);
  const short = await world.client.waitFor(id, { untilPaused: true, roundMs: 500 });
  expect(short).toMatchObject({ status: 'paused', reason: 'budget', items: 10_000 });
  await world.client.resume(id, { maxCostUsd: 5 });
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', items: 21_500 });
  await expectLinks(id, 21_500);
  expect(world.tasksOf(id)).toHaveLength(22);
  expect(nanos(job.cost.spent_usd)).toBe(world.upstream.chargedNanos() - before);
});

it('a token that is refused stops nothing: the list goes on by offset, as far as that reaches', async () => {
  refusedAt = (at) => at % 3000 === 0 && at <= MAX_OFFSET;
  const { id } = await world.client.submit(all, ['c.com']);
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', items: LINKS });
  await expectLinks(id, LINKS);
});

it('behind the offsets its row fails with what it has, and a retry goes on behind the last page', async () => {
  refusedAt = (at) => at > MAX_OFFSET;
  const { id } = await world.client.submit(all, ['e.com', 'f.com', 'g.com', 'h.com']);
  const failed = await world.client.waitFor(id);
  expect(failed).toMatchObject({ status: 'completed', outcome: 'none', rows: { failed: 4 }, items: 84_000 });
  expect(await collect(world.client.rows(id))).toMatchObject([
    { items: 21_000, truncated: 'error', error: { code: 'upstream_rejected' } },
    ...Array.from({ length: 3 }, () => ({ items: 21_000 })),
  ]);

  refusedAt = () => false;
  const before = world.tasksOf(id).length;
  await world.client.retry(id, { codes: ['upstream_rejected'], retryableOnly: false });
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ outcome: 'complete', items: 4 * LINKS });
  expect(world.tasksOf(id)).toHaveLength(before + 4 * 3);
});

it('a worker that dies under a page loses none before it, and only that page may be bought twice', async () => {
  let [seen, go] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => (seen = resolve));
  held = { at: 22_000, seen, go: new Promise((resolve) => (go = resolve)) };
  const { id } = await world.client.submit(all, ['i.com']);
  await reached;
  await world.stack.workers[0]?.child.kill();
  held = null;
  go();
  await world.stack.startWorker();
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', outcome: 'complete', items: LINKS });
  await expectLinks(id, LINKS);
  expect(world.tasksOf(id)).toHaveLength(25);
});
