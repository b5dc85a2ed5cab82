import type { ChainableCommander } from 'ioredis';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { redisNow } from '../redis/time.js';
import type { RecoveryClaim } from './recovery-claim.js';
import type { RestoredUsage } from './restored-usage.js';

const { COMMITTED_DAY_KEPT_MS, COMMITTED_MONTH_KEPT_MS, DAY_MS, USAGE_KEPT_MS } = CONSTANTS;

type Counts = ReadonlyMap<number, number>;

/** Replaces what Redis counts over all jobs of each tenant. */
export async function restoreUsage(
  { usage, committed, reservations }: RestoredUsage,
  { redis, keys, claim }: Pick<Access, 'redis' | 'keys'> & { claim: RecoveryClaim },
): Promise<void> {
  const today = Math.floor((await redisNow(redis)) / DAY_MS);
  const writeDays = (multi: ChainableCommander, tenant: string, days: Counts) => {
    for (const [day, nanos] of days) {
      if (day + COMMITTED_DAY_KEPT_MS / DAY_MS > today) {
        multi.set(keys.committedDay(tenant, day), nanos, 'PX', COMMITTED_DAY_KEPT_MS);
      }
    }
  };
  const writeMonths = (multi: ChainableCommander, tenant: string, months: Counts) => {
    for (const [month, nanos] of months) {
      multi.set(keys.committedMonth(tenant, month), nanos, 'PX', COMMITTED_MONTH_KEPT_MS);
    }
  };
  for (const [tenant, days] of usage) {
    await claim.write((multi) => {
      for (const [day, counts] of days) {
        multi.del(keys.usage(tenant, day)).hset(keys.usage(tenant, day), Object.fromEntries(counts));
        multi.pexpireat(keys.usage(tenant, day), day * DAY_MS + USAGE_KEPT_MS);
      }
    });
  }
  for (const [tenant, { days, months }] of committed) {
    await claim.write((multi) => {
      multi.hset(keys.reservations, tenant, reservations.get(tenant) ?? 0);
      writeDays(multi, tenant, days);
      writeMonths(multi, tenant, months);
    });
  }
}
