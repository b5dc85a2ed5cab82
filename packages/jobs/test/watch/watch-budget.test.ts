import type { JobRef } from '@linkhaul/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { periodAt } from '../../src/watch/periods.js';
import { acceptJob, type Overrides } from '../accept-job.js';
import { dispatch, grant, type Money } from '../messages.js';
import { openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

const PRICE = 1_000;
const MONEY: Money = { mostItems: 1, leastItems: 1, prices: { call: PRICE, item: 0 }, tenantDaily: null };
const TENANT = 'tenant';
const NAME = 'weekly';

/** Gives the watch a budget, as `PUT` does. */
async function setBudget({ redis, keys }: Space, nanos: number, period = 'day'): Promise<void> {
  await redis.hset(keys.watchBudgets(TENANT), NAME, `${nanos},${period}`);
}

const runOf = (space: Space, overrides: Overrides = {}) =>
  planJob(space, { calls: 10, rows: 1 }, { watch: NAME, ...overrides });

/** Sends all calls that the money allows, and settles each at its full price. Returns how many. */
async function spendAll(space: Space): Promise<number> {
  for (let sent = 0; ; sent++) {
    const [message] = await dispatch(space, (await space.redis.zcard(space.keys.window)) + 1);
    if (message === undefined) return sent;
    const granted = await grant(space, message, { rows: 1, money: MONEY });
    if (!granted.granted) {
      await space.ledger.shelve(message);
      sent--;
      continue;
    }
    await space.ledger.settle(message, settlement({ ok: 1, items: 1, cost: PRICE, sentAt: granted.sentAt }));
  }
}

const committed = (space: Space, period: 'day' | 'week' | 'month' = 'day') =>
  space.watches.committed({ tenant: TENANT, name: NAME }, period);

/** As if what was spent had been spent in the period before. */
async function nextPeriod({ redis, keys }: Space): Promise<void> {
  await redis.rename(keys.watchMoney(TENANT, NAME), keys.watchMoney(TENANT, 'before'));
}

describe('the budget of a watch', () => {
  it('holds for all its runs of a period together, and the next period pays for what is left', async () => {
    const space = await openSpace();
    await setBudget(space, 3 * PRICE);
    const first = await runOf(space);
    expect(await spendAll(space)).toBe(3);
    expect(await recordOf(space, first)).toMatchObject({ status: 'paused', reason: 'watch_budget' });
    expect(await space.jobSteps.act(first, { action: 'cancel', by: 'me' })).toMatchObject({ status: 'cancelled' });
    const second = await runOf(space);
    expect(await spendAll(space)).toBe(0);
    expect(await recordOf(space, second)).toMatchObject({ status: 'paused', reason: 'watch_budget' });
    expect((await space.totals.read('localhost')).watches).toMatchObject({ outOfBudget: 1 });
    await nextPeriod(space);
    await space.redis.zadd(space.keys.watchesShort, Date.now() - 86_400_000, `${TENANT}/${NAME}`);
    expect((await space.totals.read('localhost')).watches).toMatchObject({ outOfBudget: 0 });
    const resume = { action: 'resume', by: 'system', reason: 'watch_budget' } as const;
    expect(await space.jobSteps.act(second, resume)).toMatchObject({ result: 'done', status: 'running' });
    expect(await spendAll(space)).toBe(3);
    for (const period of ['day', 'week', 'month'] as const) expect(await committed(space, period)).toBe(3 * PRICE);
  });

  it('is not got around by resuming, by a retry, by a larger budget of the job, or by another watch of the name', async () => {
    const space = await openSpace();
    await setBudget(space, 2 * PRICE);
    const job = await runOf(space);
    expect(await spendAll(space)).toBe(2);
    for (const budget of [{}, { budget: 100 * PRICE, leastCall: PRICE }]) {
      const resumed = await space.jobSteps.act(job, { action: 'resume', by: 'me', ...budget });
      expect(resumed).toMatchObject({ result: 'watch_short', least: PRICE });
    }
    await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
    await space.jobSteps.finish(job);
    await space.store.retire(job);
    const choice = { statuses: ['skipped'], codes: null, retryableOnly: false, buy: false } as const;
    await space.jobSteps.retry(job, { by: 'me', choice });
    await plannedAgain(space, job);
    expect(await spendAll(space)).toBe(0);
    // The watch is deleted, and made again.
    await space.watches.remove({ tenant: TENANT, name: NAME }, 'me');
    await setBudget(space, 2 * PRICE);
    await runOf(space);
    expect(await spendAll(space)).toBe(0);
    expect(await committed(space)).toBe(2 * PRICE);
  });

  it('that is raised lets the run go on; other watches and jobs have nothing to do with it', async () => {
    const space = await openSpace();
    await setBudget(space, PRICE);
    const job = await runOf(space);
    await planJob(space, { calls: 4, rows: 1 });
    await planJob(space, { calls: 4, rows: 1 }, { watch: 'another' });
    expect(await spendAll(space)).toBe(9);
    await setBudget(space, 5 * PRICE);
    const resume = { action: 'resume', by: 'system', reason: 'watch_budget' } as const;
    expect(await space.jobSteps.act(job, resume)).toMatchObject({ result: 'done' });
    expect(await spendAll(space)).toBe(4);
    expect(await committed(space)).toBe(5 * PRICE);
  });

  it('finishes the run where that is what it is to do', async () => {
    const space = await openSpace();
    await setBudget(space, 2 * PRICE);
    const job = await runOf(space, { on_budget: 'finish' });
    expect(await spendAll(space)).toBe(2);
    expect(await space.jobSteps.finish(job)).toBe('completed');
    const record = await recordOf(space, job);
    expect(record).toMatchObject({ cut: 'budget', outcome: 'partial', counts: { ok: 2, skipped: 8 } });
  });

  it('has no time to live, which a clock that goes ahead would end', async () => {
    const space = await openSpace();
    await setBudget(space, PRICE);
    await runOf(space);
    await spendAll(space);
    expect(await space.redis.pttl(space.keys.watchMoney(TENANT, NAME))).toBe(-1);
    expect(await space.redis.pttl(space.keys.watchBudgets(TENANT))).toBe(-1);
  });

  it('is never exceeded, whatever is open and in whatever order it ends', async () => {
    const step = fc.record({ act: fc.constantFrom('send', 'settle', 'unknown'), at: fc.nat(9), cost: fc.nat(PRICE) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), async (steps, calls) => {
        const space = await openSpace();
        await setBudget(space, calls * PRICE);
        await Promise.all([runOf(space), runOf(space), runOf(space)]);
        const take = takeStep(space);
        for (const step of steps) {
          await take(step);
          expect(await committed(space)).toBeLessThanOrEqual(calls * PRICE);
        }
        const jobs = await space.store.list(TENANT, { before: null, limit: 10 });
        const held = jobs.items.map(({ counts }) => counts.spent + counts.reserved + counts.unconfirmed);
        expect(await committed(space)).toBe(held.reduce((sum, nanos) => sum + nanos, 0));
      }),
      { numRuns: tries(8) },
    );
  });
});

interface Step {
  readonly act: string;
  /** Which of the open calls. */
  readonly at: number;
  readonly cost: number;
}

/** Sends a call if the money allows it, or ends one of those that are open. */
function takeStep(space: Space): (step: Step) => Promise<void> {
  const open: (Awaited<ReturnType<typeof dispatch>>[number] & { readonly sentAt: number })[] = [];
  const send = async () => {
    const [next] = await dispatch(space, (await space.redis.zcard(space.keys.window)) + 1);
    if (next === undefined) return;
    const granted = await grant(space, next, { rows: 1, money: MONEY });
    if (granted.granted) open.push({ ...next, sentAt: granted.sentAt });
    else await space.ledger.shelve(next);
  };
  return async ({ act, at, cost }) => {
    const message = act === 'send' ? undefined : open.splice(at % Math.max(1, open.length), 1)[0];
    if (message === undefined) return send();
    if (act === 'unknown') await space.ledger.markUnknown(message, { lookUpAfterMs: 0, by: 'one' });
    else await space.ledger.settle(message, settlement({ ok: 1, items: 1, cost, sentAt: message.sentAt }));
  };
}

/** The further run of a job whose rows were all skipped but for the first. */
async function plannedAgain(space: Space, job: JobRef): Promise<void> {
  const rows = new Map([['cancelled', 8]] as const);
  const plan = { run: 2, base: 10, roots: 8, callsPerPart: 1000, rows, retried: Buffer.alloc(2), isStored: false };
  await space.jobSteps.plannedAgain(job, plan);
}

it('periods are days, weeks from Monday on, and months, in UTC', () => {
  const at = (text: string) => Date.parse(`${text}Z`);
  expect(periodAt('week', at('2026-11-29T23:59:59'))).not.toBe(periodAt('week', at('2026-11-30T00:00:00')));
  expect(periodAt('week', at('2026-11-30T00:00:00'))).toBe(periodAt('week', at('2026-12-06T23:59:59')));
  expect(periodAt('month', at('2026-11-30T23:59:59'))).not.toBe(periodAt('month', at('2026-12-01T00:00:00')));
  expect(periodAt('day', at('2026-11-30T00:00:00'))).toBe(periodAt('day', at('2026-11-30T23:59:59')));
});

it('a script counts money in the same periods', async () => {
  const space = await openSpace();
  await acceptJob(space, { valid: 1 });
  await setBudget(space, 10 * PRICE);
  await runOf(space);
  await spendAll(space);
  const now = Date.now();
  const fields = await space.redis.hkeys(space.keys.watchMoney(TENANT, NAME));
  // The day may have changed since.
  for (const period of ['day', 'week', 'month'] as const) {
    expect(fields.some((field) => [now, now - 60_000].map((ms) => periodAt(period, ms)).includes(field))).toBe(true);
  }
});
