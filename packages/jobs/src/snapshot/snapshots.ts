import {
  type Backend,
  FORMAT,
  type JobRef,
  removeSnapshots,
  type Snapshot,
  type SnapshotEntry,
  type SnapshotOwner,
  StorageAway,
  snapshotEntryType,
  storeSnapshot,
} from '@linkhaul/storage';
import { z } from 'zod';
import { jobFromName, jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';

/**
 * Keeps in storage what Redis has of jobs and tenants, so that `linkhaul recover` can restore it after Redis has lost
 * everything. What a user changes is kept before the change is acknowledged, everything else within a minute.
 */
export interface Snapshots {
  /** Stores a snapshot of the job as it is now. Can be repeated. */
  keepJob(job: JobRef): Promise<void>;
  /** Stores one unless the last that was taken of the job is stored. */
  keepUnstored(job: JobRef): Promise<void>;
  /** Stores a snapshot of a tenant's settings and keys. Rejects with `StorageAway` if Redis has lost them. */
  keepTenant(tenant: string): Promise<void>;
  /** Removes what storage has of a job that is gone and has cost nothing, or whose cost is too old to matter. */
  forget(job: JobRef): Promise<void>;
  /** Marks jobs and tenants that have none as changed: an earlier version, which took no snapshots, has accepted them. */
  markMissing(): Promise<void>;
  /** Jobs and tenants that changed a while ago, and those whose snapshot was taken and never stored. */
  due(most: number): Promise<string[]>;
  /** Stores a snapshot of a job or tenant that `due` names. */
  keep(name: string): Promise<void>;
}

const STRING = 'string';

const text = z.instanceof(Buffer).transform((bytes) => bytes.toString('utf8'));
const number = text.transform(Number);
const entry = z
  .tuple([text, text, z.array(z.instanceof(Buffer)), z.number()])
  .transform(([key, type, values, ttlMs]): SnapshotEntry => {
    const encoding = type === STRING ? 'base64' : 'utf8';
    const read = { key, type: snapshotEntryType.parse(type), values: values.map((value) => value.toString(encoding)) };
    return ttlMs < 0 ? read : { ...read, ttlMs };
  });
const taken = z
  .tuple([number, number, number, text, z.array(entry)])
  .transform(([number, before, takenAt, era, entries]) => {
    const snapshot: Snapshot = { v: FORMAT, number, takenAt, era, entries };
    return { snapshot, before };
  });

const takeJob = script<{ job: string }>()('snapshot/take_job', taken, 'bytes');
const takeTenant = script<{ tenant: string }>()('snapshot/take_tenant', taken, 'bytes');

/** How long storing a snapshot may take before another one is taken. */
const STORED_WITHIN_MS = 60_000;
const NAMES_AT_ONCE = 1_000;

/** `storage`: null if it is Redis itself, which would lose the snapshots together with the jobs. */
export function createSnapshots({ redis, keys, run, timing }: Access, storage: Backend | null): Snapshots {
  const take = (owner: SnapshotOwner) =>
    'id' in owner ? run(takeJob, { job: jobName(owner) }) : run(takeTenant, { tenant: owner.tenant });
  const keepOwner = async (owner: SnapshotOwner) => {
    if (storage === null) {
      await redis.zrem(keys.unkept, nameOf(owner));
      return;
    }
    const { snapshot, before } = await take(owner);
    if (snapshot.number < 0) throw new StorageAway('Redis has lost its data: no settings or keys are changed now.');
    if (snapshot.number === 0) return;
    await storeSnapshot(storage, owner, snapshot, before);
    await redis.zrem(keys.keeping, `${nameOf(owner)} ${snapshot.number}`);
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

function nameOf(owner: SnapshotOwner): string {
  return 'id' in owner ? jobName(owner) : owner.tenant;
}
