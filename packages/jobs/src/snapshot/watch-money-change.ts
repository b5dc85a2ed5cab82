import { WATCH_PERIODS } from '@linkhaul/schemas';
import type { SnapshotEntry } from '@linkhaul/storage';
import type { ChainableCommander } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import { CONSTANTS } from '../redis/constants.js';
import { periodAt } from '../watch/periods.js';

/** How the money changes that a tenant's watches have committed. */
interface WatchMoneyChange {
  /** `day`: since 1970. */
  commit(watch: string, day: number, nanos: number): void;
  write(multi: ChainableCommander, keys: Keys): void;
}

const GROUP = 'usage-group:';
const group = z.object({ watch: z.string().optional() });

/** The watch that a job was a run of, as its usage group says, which outlives the job. */
export function watchOf(entries: readonly SnapshotEntry[]): string | null {
  const text = entries.find(({ key }) => key.startsWith(GROUP))?.values[0];
  if (text === undefined) return null;
  return group.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8'))).watch ?? null;
}

export function createWatchMoneyChange(tenant: string): WatchMoneyChange {
  /** By name, then by period. */
  const watches = new Map<string, Map<string, number>>();
  return {
    commit(watch, day, nanos) {
      const periods = watches.get(watch) ?? new Map<string, number>();
      watches.set(watch, periods);
      for (const period of WATCH_PERIODS) {
        const at = periodAt(period, day * CONSTANTS.DAY_MS);
        periods.set(at, (periods.get(at) ?? 0) + nanos);
      }
    },
    write(multi, keys) {
      for (const [name, periods] of watches) {
        for (const [period, by] of periods) if (by !== 0) multi.hincrby(keys.watchMoney(tenant, name), period, by);
      }
    },
  };
}
