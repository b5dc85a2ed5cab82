import {
  type Backend,
  type JobRef,
  removeSnapshots,
  type SnapshotOwner,
  StorageAway,
  storeSnapshot,
} from '@linkhaul/storage';
import { jobFromName, jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { watchRunId } from '../redis/run-id.js';
import { redisNow } from '../redis/time.js';
import { takeSnapshot } from './take-snapshot.js';
import { ownerName } from './write-snapshot.js';

/**
 * Keeps in storage what Redis has of jobs and tenants, so that `linkhaul recover` can restore it after Redis has lost
 * everything. What a user changes is kept before the change is acknowledged, everything else within a minute.
 */
export interface Snapshots {
  /** Stores a snapshot of the job as it is now. Can be repeated. Rejects with `StorageAway` if storage may have a newer one. */
  keepJob(job: JobRef): Promise<void>;
  /** Stores a snapshot unless the last one that was taken of the job is stored. */
  keepUnstored(job: JobRef): Promise<void>;
  /** Stores a snapshot of a tenant's settings and keys. Rejects with `StorageAway` if Redis has lost them. */
  keepTenant(tenant: string): Promise<void>;
  /** Removes what storage has of a job that is gone and has cost nothing, or whose cost is too old to matter. */
  forget(job: JobRef): Promise<void>;
  /** Marks jobs and tenants without a snapshot as changed. An earlier version, which took none, has accepted them. */
  markMissing(): Promise<void>;
  /** Jobs and tenants that changed a while ago, and those whose snapshot was taken and never stored. */
  due(most: number): Promise<string[]>;
  /** Stores a snapshot of a job or tenant that `due` names. */
  keep(name: string): Promise<void>;
}

/** How long storing a snapshot may take before another one is taken. */
const STORED_WITHIN_MS = 60_000;
const NAMES_AT_ONCE = 1_000;

/** `storage`: null if it is Redis itself, which would lose the snapshots together with the jobs. */
export function createSnapshots({ redis, keys, run, timing }: Access, storage: Backend | null): Snapshots {
  const runId = watchRunId(redis);
  const keepOwner = async (owner: SnapshotOwner) => {
    if (storage === null) {
      await redis.zrem(keys.unkept, ownerName(owner));
      return;
    }
    const server = await runId();
    const { snapshot, before } = await takeSnapshot(owner, { redis, keys, run, runId: server });
    if (snapshot.number < 0) throw new StorageAway('Redis has lost data that storage has: nothing is changed now.');
    if (snapshot.number === 0) return;
    await storeSnapshot(storage, owner, snapshot, before);
    // Redis may have lost what the snapshot holds, and have looked for newer ones before this one was stored.
    if ((await runId()) !== server) throw new StorageAway('Redis began again meanwhile: it may have lost the change.');
    await redis.zrem(keys.keeping, `${ownerName(owner)} ${snapshot.number}`);
  };
  const markWithout = async (names: readonly string[]) => {
    const now = await redisNow(redis);
    for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
      const some = names.slice(from, from + NAMES_AT_ONCE);
      const numbers = await redis.hmget(keys.snapshots, ...some);
      const missing = some.filter((_, at) => numbers[at] === null);
      if (missing.length > 0) await redis.zadd(keys.unkept, 'NX', ...missing.flatMap((name) => [now, name]));
    }
  };
  return {
    keepJob: keepOwner,
    async keepUnstored(job) {
      const number = await redis.hget(keys.snapshots, jobName(job));
      const isStored = number !== null && (await redis.zscore(keys.keeping, `${jobName(job)} ${number}`)) === null;
      if (!isStored) await keepOwner(job);
    },
    keepTenant: (tenant) => keepOwner({ tenant }),
    async forget(job) {
      if (storage !== null) await removeSnapshots(storage, job);
    },
    async markMissing() {
      if (storage === null) return;
      for (const tenant of await redis.smembers(keys.tenants)) {
        const names = (await redis.zrange(keys.jobs(tenant), '0', '-1')).map((id) => jobName({ tenant, id }));
        await markWithout([tenant, ...names]);
      }
    },
    async due(most) {
      const now = await redisNow(redis);
      const [changed, unstored] = await Promise.all([
        redis.zrangebyscore(keys.unkept, 0, now - timing.snapshotMs, 'LIMIT', 0, most),
        redis.zrangebyscore(keys.keeping, 0, now - STORED_WITHIN_MS, 'LIMIT', 0, most),
      ]);
      return [...changed, ...unstored];
    },
    async keep(name) {
      const [owned = '', number] = name.split(' ');
      await keepOwner(owned.includes('/') ? jobFromName(owned) : { tenant: owned });
      if (number !== undefined) await redis.zrem(keys.keeping, name);
    },
  };
}
