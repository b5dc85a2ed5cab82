import type { JobRef, Snapshot, SnapshotEntry, SnapshotOwner } from '@linkhaul/storage';
import type { ChainableCommander } from 'ioredis';
import { z } from 'zod';
import { jobName, keyOfName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';
import type { RecoveryClaim } from './recovery-claim.js';
import { restoreUsage } from './restore-usage.js';
import type { RestoredUsage } from './restored-usage.js';

/** Writes snapshots back into a Redis that has lost everything, under a worker's claim. Every step can be repeated. */
export interface Restoration {
  /** Replaces the counts over all jobs of a tenant. To be done before the first job is restored: then jobs add to them. */
  restoreUsage(usage: RestoredUsage): Promise<void>;
  restoreTenant(tenant: string, snapshot: Snapshot): Promise<void>;
  /** Restores a job whole, or not at all if Redis has it. */
  restoreJob(job: JobRef, snapshot: Snapshot): Promise<void>;
  /** Restores what is left of a removed job: its bytes may still have to be removed. */
  restoreRemoved(job: JobRef, snapshot: Snapshot): Promise<void>;
  /** The upstream's record is searched for lost calls from this time on, less a lease. ms on Redis' clock. */
  searchRecordFrom(account: string, time: number): Promise<void>;
}

const { USAGE_KEPT_MS } = CONSTANTS;
/** Commands with more values than the stack holds would fail. */
const VALUES_AT_ONCE = 1_000;
/** Bytes of a job that was removed longer ago are gone. */
const REMOVAL_ENDS_MS = 3 * 3_600_000;

const searchFrom = script<{ account: string; from: number }>()('snapshot/search_record_from', z.number());

export function createRestoration({ redis, keys, run }: Access, claim: RecoveryClaim): Restoration {
  const write = (multi: ChainableCommander, { number, takenAt, entries }: Snapshot, owner: SnapshotOwner) => {
    for (const entry of entries) writeEntry(multi, keyOfName(keys, entry.key), entry, takenAt);
    multi.hset(keys.snapshots, 'id' in owner ? jobName(owner) : owner.tenant, number);
  };
  return {
    restoreUsage: (usage) => restoreUsage(usage, { redis, keys, claim }),
    restoreTenant: (tenant, snapshot) => claim.write((multi) => write(multi, snapshot, { tenant })),
    async restoreJob(job, snapshot) {
      if ((await redis.exists(keys.job(job))) === 1) return;
      await claim.write((multi) => {
        write(multi, snapshot, job);
        // The job waits for nobody's money now, and the first answer confirms the price again.
        multi.hdel(keys.job(job), 'short', 'price_ok');
      });
    },
    async restoreRemoved(job, snapshot) {
      const now = await redisNow(redis);
      await claim.write((multi) => {
        if (snapshot.takenAt + REMOVAL_ENDS_MS > now) {
          write(multi, snapshot, job);
          multi.zadd(keys.removed, now, jobName(job));
        } else {
          multi.zadd(keys.buried, snapshot.takenAt + USAGE_KEPT_MS, jobName(job));
        }
      });
    },
    async searchRecordFrom(account, time) {
      await run(searchFrom, { account, from: time });
    },
  };
}

/** Whether the snapshot is of a job that was removed: then only its usage is left. */
export function isOfRemovedJob({ entries }: Snapshot, job: JobRef): boolean {
  return !entries.some(({ key }) => key === `job:${jobName(job)}`);
}

function writeEntry(multi: ChainableCommander, key: string, entry: SnapshotEntry, takenAt: number): void {
  const { type, values, ttlMs } = entry;
  if (type !== 'member') multi.del(key);
  for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
    writeValues(multi, key, type, values.slice(from, from + VALUES_AT_ONCE));
  }
  if (ttlMs !== undefined) multi.pexpireat(key, takenAt + ttlMs);
}

function writeValues(multi: ChainableCommander, key: string, type: SnapshotEntry['type'], values: string[]): void {
  const [first = '', second] = values;
  if (type === 'hash') multi.hset(key, values);
  else if (type === 'list') multi.rpush(key, ...values);
  else if (type === 'set') multi.sadd(key, ...values);
  else if (type === 'zset') multi.zadd(key, ...scoresFirst(values));
  else if (type === 'string') multi.set(key, Buffer.from(first, 'base64'));
  else if (second === undefined) multi.sadd(key, first);
  else multi.zadd(key, second, first);
}

/** Members and scores by turns, the other way round. */
function scoresFirst(values: readonly string[]): string[] {
  return values.map((_, at) => values[at ^ 1] ?? '');
}
