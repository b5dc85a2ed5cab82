import { WATCH_PERIODS } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { periodAt } from './periods.js';
import { watchFromName } from './watches.js';

/** The numbers of all watches, of all tenants. */
export interface WatchTotals {
  /** Runs that are not finished. */
  readonly openRuns: number;
  /** Active watches whose last two ticks were skipped, because a run was not finished. */
  readonly behind: number;
  /** Watches whose budget of the present period was too small for a call. */
  readonly outOfBudget: number;
  /** How long the earliest tick has been due without a worker taking it. */
  readonly overdueMs: number;
}

/** Reads sets that Redis keeps anyway: it costs the same with a thousand watches as with none. */
export async function readWatchTotals({ redis, keys }: Access): Promise<WatchTotals> {
  const [now, openRuns, behind, [, due], short] = await Promise.all([
    redisNow(redis),
    redis.scard(keys.watchesOpen),
    redis.scard(keys.watchesBehind),
    redis.zrange(keys.watchTicks, '0', '0', 'WITHSCORES'),
    redis.zrange(keys.watchesShort, '0', '-1', 'WITHSCORES'),
  ]);
  const pairs = short.flatMap((name, at) => (at % 2 === 0 ? [{ name, at: Number(short[at + 1]) }] : []));
  const isShort = await Promise.all(pairs.map((pair) => isOfThisPeriod(pair, now, { redis, keys })));
  const overdueMs = due === undefined ? 0 : Math.max(0, now - Number(due));
  return { openRuns, behind, outOfBudget: isShort.filter(Boolean).length, overdueMs };
}

const periods = z.enum(WATCH_PERIODS);

/** Whether the watch ran short in the present period: the next one has money again. */
async function isOfThisPeriod(
  { name: ref, at }: { name: string; at: number },
  now: number,
  { redis, keys }: Pick<Access, 'redis' | 'keys'>,
): Promise<boolean> {
  const { tenant, name } = watchFromName(ref);
  const budget = await redis.hget(keys.watchBudgets(tenant), name);
  const period = periods.safeParse(budget?.split(',')[1]);
  return period.success && periodAt(period.data, at) === periodAt(period.data, now);
}
