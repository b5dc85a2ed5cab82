import type { JobRef, Snapshot, SnapshotEntry, SnapshotOwner } from '@linkhaul/storage';
import type { ChainableCommander } from 'ioredis';
import { jobName, type Keys, keyOfName } from '../keys.js';
import { CONSTANTS } from '../redis/constants.js';

const { USAGE_KEPT_MS } = CONSTANTS;
/** Commands with more values than the stack holds would fail. */
const VALUES_AT_ONCE = 1_000;
/** Bytes of a job that was removed longer ago are gone. */
const REMOVAL_ENDS_MS = 3 * 3_600_000;

/** Adds to a transaction what writes a snapshot back. */
export function writeTenant(multi: ChainableCommander, keys: Keys, tenant: string, snapshot: Snapshot): void {
  write(multi, keys, { tenant }, snapshot);
}

/** The same, of a job that was not removed. */
export function writeJob(multi: ChainableCommander, keys: Keys, job: JobRef, snapshot: Snapshot): void {
  write(multi, keys, job, snapshot);
  // The job waits for nobody's money now, and the first answer confirms the price again.
  multi.hdel(keys.job(job), 'short', 'price_ok');
}

interface Removed {
  readonly job: JobRef;
  readonly snapshot: Snapshot;
  /** ms on Redis' clock. */
  readonly now: number;
}

/** The same, of a removed job: its bytes may still have to be removed. */
export function writeRemoved(multi: ChainableCommander, keys: Keys, { job, snapshot, now }: Removed): void {
  if (snapshot.takenAt + REMOVAL_ENDS_MS > now) {
    write(multi, keys, job, snapshot);
    multi.zadd(keys.removed, now, jobName(job));
  } else {
    multi.zadd(keys.buried, snapshot.takenAt + USAGE_KEPT_MS, jobName(job));
  }
}

/** Whether the snapshot is of a job that was removed: then only its usage is left. */
export function isOfRemovedJob({ entries }: Snapshot, job: JobRef): boolean {
  return !entries.some(({ key }) => key === `job:${jobName(job)}`);
}

/** The name of a job or a tenant among snapshots. */
export function ownerName(owner: SnapshotOwner): string {
  return 'id' in owner ? jobName(owner) : owner.tenant;
}

/** Adds to a transaction what takes away what a snapshot found. */
export function erase(multi: ChainableCommander, keys: Keys, { entries }: Pick<Snapshot, 'entries'>): void {
  for (const { key: name, type, values } of entries) {
    const key = keyOfName(keys, name);
    const [member = '', score] = values;
    if (type !== 'member') multi.del(key);
    else if (score === undefined) multi.srem(key, member);
    else multi.zrem(key, member);
  }
}

function write(multi: ChainableCommander, keys: Keys, owner: SnapshotOwner, snapshot: Snapshot): void {
  const { number, takenAt, entries } = snapshot;
  for (const entry of entries) writeEntry(multi, keyOfName(keys, entry.key), entry, takenAt);
  multi.hset(keys.snapshots, ownerName(owner), number);
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
