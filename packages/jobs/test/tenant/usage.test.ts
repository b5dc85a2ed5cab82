import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { acceptJob } from '../accept-job.js';
import { openSpace, recordOf, type Space, settlement } from '../planning/space.js';

const DAY_MS = 86_400_000;

/** Money that is known to be spent for a call sent at a time: an answer that came too late to decide anything. */
async function spendAt(space: Space, job: Parameters<Space['store']['get']>[0], spent: { at: number; cost: number }) {
  const attempt = ++attempts;
  const late = settlement({ cost: spent.cost, sentAt: spent.at });
  expect(await space.ledger.settle({ job, call: 1, attempt }, late)).toMatchObject({ result: 'late' });
}
let attempts = 1;

/** The month as JavaScript's own calendar has it. */
function monthOf(at: number): number {
  const date = new Date(at);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

const someTime = fc.integer({ min: 0, max: Date.UTC(2400, 0, 1) });
/** The last millisecond of a month, and the first of the next. */
const monthsEnd = fc
  .tuple(fc.integer({ min: 1970, max: 2399 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: -1, max: 0 }))
  .map(([year, month, by]) => Date.UTC(year, month, 1) + by);

it('counts money into the day and the month, UTC, in which its call was sent', async () => {
  const space = await openSpace();
  const { redis, keys } = space;
  const job = await acceptJob(space);
  const { tenant } = job;
  const committed = async (at: number) => {
    const day = Math.floor(at / DAY_MS);
    const found = await redis.mget(keys.committedDay(tenant, day), keys.committedMonth(tenant, monthOf(at)));
    return found.map(Number);
  };
  await fc.assert(
    fc.asyncProperty(fc.oneof(someTime, monthsEnd), fc.integer({ min: 1, max: 1e12 }), async (at, cost) => {
      const before = await committed(at);
      await spendAt(space, job, { at, cost });
      expect(await committed(at)).toEqual(before.map((sum) => sum + cost));
    }),
    { numRuns: tries(80) },
  );
});

it('shows what is committed in the period that now is', async () => {
  const space = await openSpace();
  const job = await acceptJob(space);
  const { tenants } = space;
  const now = await space.calls.now();
  await spendAt(space, job, { at: now, cost: 7 });
  await spendAt(space, job, { at: now - 40 * DAY_MS, cost: 100 });
  expect(await tenants.money(job.tenant)).toEqual({ own: null, committed: { day: 7, month: 7 } });
  await tenants.setBudget(job.tenant, { budget: 5, period: 'month' });
  expect((await tenants.money(job.tenant)).own).toEqual({ budget: 5, period: 'month' });
  await tenants.setBudget(job.tenant, null);
  expect((await tenants.money(job.tenant)).own).toBeNull();
});

it('tells what was bought by day and by what jobs have in common, to the sum of what they spent', async () => {
  const space = await openSpace();
  const { usage } = space;
  const first = Date.UTC(2026, 0, 1);
  const groups = [{ tag: 'a' }, { tag: 'a', metadata: { k: 'v' } }, { tag: 'b' }];
  const jobs = await Promise.all([...groups, { tag: 'a' }].map((group) => acceptJob(space, {}, group)));
  for (const [at, job] of jobs.entries()) {
    await spendAt(space, job, { at: first - 1, cost: 10 ** at });
    await spendAt(space, job, { at: first + 120 * DAY_MS, cost: 2 * 10 ** at });
  }
  const from = first / DAY_MS - 1;
  const rows = [];
  for await (const row of usage.rows('tenant', { from, to: from + 122 })) rows.push(row);
  expect(rows.map(({ day }) => day - from)).toEqual([0, 0, 0, 121, 121, 121]);
  const byGroup = rows.map(({ day, tag, metadata, spent, wasted, calls }) => [
    day === from ? 1 : 2,
    `${tag}${metadata.k ?? ''}`,
    spent,
    wasted,
    calls,
  ]);
  expect(byGroup.sort()).toEqual([
    [1, 'a', 1001, 1001, 2],
    [1, 'av', 10, 10, 1],
    [1, 'b', 100, 100, 1],
    [2, 'a', 2002, 2002, 2],
    [2, 'av', 20, 20, 1],
    [2, 'b', 200, 200, 1],
  ]);
  const spent = await Promise.all(jobs.map(async (job) => (await recordOf(space, job)).counts.spent));
  expect(rows.reduce((sum, row) => sum + row.spent, 0)).toBe(spent.reduce((sum, cost) => sum + cost, 0));
  const none = [];
  for await (const row of usage.rows('tenant', { from: from + 1, to: from + 121 })) none.push(row);
  expect(none).toEqual([]);
  expect(await usage.tenants()).toEqual(['tenant']);
});
