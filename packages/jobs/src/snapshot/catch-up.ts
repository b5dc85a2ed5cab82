import { once } from 'node:events';
import {
  type Backend,
  listSnapshots,
  type RedisSettings,
  readEra,
  readSnapshot,
  type Snapshot,
  type SnapshotOwner,
  type StoredSnapshot,
  UnreadableSnapshot,
} from '@linkhaul/storage';
import type { ChainableCommander, Redis } from 'ioredis';
import { z } from 'zod';
import { jobName } from '../keys.js';
import { type Access, accessTo } from '../redis/access.js';
import { connectClient } from '../redis/connection.js';
import { watchRunId } from '../redis/run-id.js';
import { redisNow } from '../redis/time.js';
import { execute } from '../redis/transaction.js';
import { addScript, script } from '../scripts.js';
import type { Timing } from '../timing.js';
import { findNewer } from './find-newer.js';
import { peekSnapshot } from './take-snapshot.js';
import { createUsageChange } from './usage-change.js';
import {
  erase,
  isOfRemovedJob,
  ownerName,
  type Staged,
  stage,
  writeJob,
  writeRemoved,
  writeTenant,
} from './write-snapshot.js';

/**
 * Brings a Redis that may have lost its last writes up to what storage has: restores every job and tenant of which storage
 * has a newer snapshot. `server`: its run id. Several processes may do it at once.
 */
export type CatchUp = (server: string) => Promise<void>;

/** What was done, by names of jobs and tenants. */
export interface CaughtUp {
  readonly restored: readonly string[];
  /** Damaged snapshots: what they held stays lost. */
  readonly unreadable: readonly string[];
}

interface CatchUpOptions {
  readonly settings: RedisSettings;
  readonly timing: Timing;
  /** Null if it is Redis itself, which has lost the same. */
  readonly storage: Backend | null;
  readonly say: (done: CaughtUp) => void;
}

const rejoinScript = script<{ job: string }>()('snapshot/rejoin', z.number());

export function createCatchUp({ settings, timing, storage, say }: CatchUpOptions): CatchUp {
  return async (server) => {
    if (storage === null) return;
    // A connection of its own, because it watches keys.
    const connection = connectClient(settings);
    try {
      await once(connection, 'ready');
      const access = accessTo(connection, settings.prefix, timing);
      const done = await restoreNewer({ ...access, storage, server, runId: watchRunId(connection) });
      if (done.restored.length + done.unreadable.length > 0) say(done);
    } finally {
      connection.disconnect();
    }
  };
}

interface CatchingUp extends Access {
  readonly storage: Backend;
  readonly server: string;
  readonly runId: () => Promise<string>;
}

async function restoreNewer(catching: CatchingUp): Promise<CaughtUp> {
  const { storage } = catching;
  const [restored, unreadable]: [string[], string[]] = [[], []];
  const era = await readEra(storage);
  for (const stored of await findNewer(await listSnapshots(storage), catching)) {
    try {
      const snapshot = await readSnapshot(storage, stored);
      if (snapshot === null || snapshot.era !== era) continue;
      if (await restore(stored, snapshot, catching)) restored.push(ownerName(stored.owner));
    } catch (error) {
      if (!(error instanceof UnreadableSnapshot)) throw error;
      unreadable.push(stored.path);
    }
  }
  return { restored, unreadable };
}

/** False if Redis has it by now, or may have something newer, because another process has caught up. */
async function restore({ owner }: StoredSnapshot, snapshot: Snapshot, catching: CatchingUp): Promise<boolean> {
  const { redis, keys, run, server, runId } = catching;
  for (;;) {
    // Before the keys are watched, because staging runs transactions of its own.
    const staged = await stage(snapshot, keys, (add) => executeAll(redis, add));
    await redis.watch(keys.installation, ...watched(owner, catching));
    const [current, known] = [
      await redis.hget(keys.installation, 'current'),
      await redis.hget(keys.snapshots, ownerName(owner)),
    ];
    if ((await runId()) !== server || current === server || Number(known) >= snapshot.number) {
      await redis.unwatch();
      return false;
    }
    const present = await peekSnapshot(owner, { redis, keys, run, runId: server });
    const multi = redis.multi();
    erase(multi, keys, present);
    const now = await redisNow(redis);
    if ('id' in owner) replaceJob(multi, { job: owner, present, snapshot, staged, now }, catching);
    else writeTenant(multi, keys, owner.tenant, snapshot);
    if (await execute(multi)) return true;
  }
}

async function executeAll(redis: Redis, add: (multi: ChainableCommander) => void): Promise<void> {
  const multi = redis.multi();
  add(multi);
  await execute(multi);
}

/** Keys that change with each step of the owner. */
function watched(owner: SnapshotOwner, { keys }: Access): string[] {
  if ('id' in owner) return [keys.job(owner), keys.jobUsage(owner), keys.live(owner)];
  return [
    keys.tenant(owner.tenant),
    keys.apiKeys(owner.tenant),
    keys.webhookSecret(owner.tenant),
    keys.watches(owner.tenant),
  ];
}

interface Replacement {
  readonly job: Extract<SnapshotOwner, { id: string }>;
  readonly present: Snapshot;
  readonly snapshot: Snapshot;
  readonly staged: Staged;
  readonly now: number;
}

function replaceJob(multi: ChainableCommander, replacement: Replacement, { keys }: Access): void {
  const { job, present, snapshot, staged, now } = replacement;
  const change = createUsageChange(job.tenant);
  change.add(snapshot);
  change.subtract(present);
  change.write(multi, keys, now);
  if (isOfRemovedJob(snapshot, job)) writeRemoved(multi, keys, { job, snapshot, staged, now });
  else writeJob(multi, keys, { job, snapshot, staged });
  addScript(multi, keys.root, { script: rejoinScript, arg: { job: jobName(job) } });
}
