import type { JobRef, Snapshot } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';
import type { RecoveryClaim } from './recovery-claim.js';
import { createUsageChange } from './usage-change.js';
import { isOfRemovedJob, stage, writeJob, writeRemoved, writeTenant } from './write-snapshot.js';

/** Writes snapshots back into a Redis that has lost everything, under a worker's claim. Every step can be repeated. */
export interface Restoration {
  restoreTenant(tenant: string, snapshot: Snapshot): Promise<void>;
  /**
   * Restores a job whole, with what it adds to the counts of its tenant, or not at all if Redis has it. `removed`: only what
   * is left of a job that was removed, whose bytes may still have to be removed.
   */
  restoreJob(job: JobRef, snapshot: Snapshot): Promise<'there' | 'removed'>;
  /** The upstream's record is searched for lost calls from this time on, less a lease. ms on Redis' clock. */
  searchRecordFrom(account: string, time: number): Promise<void>;
}

const searchFrom = script<{ account: string; from: number }>()('snapshot/search_record_from', z.number());

export function createRestoration({ redis, keys, run }: Access, claim: RecoveryClaim): Restoration {
  const isKnown = async (job: JobRef) => {
    if ((await redis.hexists(keys.snapshots, jobName(job))) === 1) return true;
    return (await redis.zscore(keys.buried, jobName(job))) !== null;
  };
  return {
    restoreTenant: (tenant, snapshot) => claim.write((multi) => writeTenant(multi, keys, tenant, snapshot)),
    async restoreJob(job, snapshot) {
      const isRemoved = isOfRemovedJob(snapshot, job);
      if (!(await isKnown(job))) {
        const now = await redisNow(redis);
        const change = createUsageChange(job.tenant);
        change.add(snapshot);
        const staged = await stage(snapshot, keys, claim.write);
        await claim.write((multi) => {
          change.write(multi, keys, now);
          if (isRemoved) writeRemoved(multi, keys, { job, snapshot, staged, now });
          else writeJob(multi, keys, { job, snapshot, staged });
        });
      }
      return isRemoved ? 'removed' : 'there';
    },
    async searchRecordFrom(account, time) {
      await run(searchFrom, { account, from: time });
    },
  };
}
