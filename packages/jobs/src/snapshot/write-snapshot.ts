import { randomUUID } from 'node:crypto';
import type { JobRef, Snapshot, SnapshotEntry, SnapshotOwner } from '@linkhaul/storage';
import type { ChainableCommander } from 'ioredis';
import { jobName, type Keys, keyOfName } from '../keys.js';
import { CONSTANTS } from '../redis/constants.js';

const { USAGE_KEPT_MS } = CONSTANTS;
/** Commands with more values than the stack holds would fail. */
const VALUES_AT_ONCE = 1_000;
/** Bytes of a job that was removed longer ago are gone. */
const REMOVAL_ENDS_MS = 3 * 3_600_000;

/** A transaction that writes more than this would hold up Redis for too long. */
const MOST_VALUES = 20_000;
const STAGED_KEPT_MS = 3_600_000;

/** Hashes that are written before the transaction, each under a key of its own: by the names of their keys. */
export type Staged = ReadonlyMap<string, string>;

/**
 * Writes the large hashes of a snapshot aside, a piece at a time, so that the transaction only has to rename them. `write`
 * executes what it is given.
 */
export async function stage(
  { entries }: Pick<Snapshot, 'entries'>,
  keys: Keys,
  write: (add: (multi: ChainableCommander) => void) => Promise<unknown>,
): Promise<Staged> {
  const staged = new Map<string, string>();
  for (const { key: name, type, values } of entries) {
    if (type !== 'hash' || values.length <= MOST_VALUES) continue;
    const key = keys.staged(randomUUID());
    for (let from = 0; from < values.length; from += VALUES_AT_ONCE) {
      const piece = values.slice(from, from + VALUES_AT_ONCE);
      await write((multi) => multi.hset(key, piece).pexpire(key, STAGED_KEPT_MS));
    }
    staged.set(name, key);
  }
  return staged;
}

/** Adds to a transaction what writes a snapshot back. */
export function writeTenant(multi: ChainableCommander, keys: Keys, tenant: string, snapshot: Snapshot): void {
  write(multi, keys, { owner: { tenant }, snapshot, staged: new Map() });
}

interface Stored {
  readonly job: JobRef;
  readonly snapshot: Snapshot;
  readonly staged: Staged;
}

/** Like `writeTenant`, for a job that was not removed. */
export function writeJob(multi: ChainableCommander, keys: Keys, { job, snapshot, staged }: Stored): void {
  write(multi, keys, { owner: job, snapshot, staged });
  // The job waits for nobody's money now, and the first answer confirms the price again.
  multi.hdel(keys.job(job), 'short', 'price_ok');
}

interface Removed extends Stored {
  /** ms on Redis' clock. */
  readonly now: number;
}

/** Like `writeTenant`, for a removed job, whose bytes may still have to be removed. */
export function writeRemoved(multi: ChainableCommander, keys: Keys, { job, snapshot, staged, now }: Removed): void {
  if (snapshot.takenAt + REMOVAL_ENDS_MS > now) {
    write(multi, keys, { owner: job, snapshot, staged });
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

/** Adds to a transaction the removal of everything that a snapshot holds. */
export function erase(multi: ChainableCommander, keys: Keys, { entries }: Pick<Snapshot, 'entries'>): void {
  for (const { key: name, type, values } of entries) {
    const key = keyOfName(keys, name);
    const [member = '', score] = values;
    if (type !== 'member') multi.unlink(key);
    else if (score === undefined) multi.srem(key, member);
    else multi.zrem(key, member);
  }
}

interface Written {
  readonly owner: SnapshotOwner;
  readonly snapshot: Snapshot;
  readonly staged: Staged;
}

function write(multi: ChainableCommander, keys: Keys, { owner, snapshot, staged }: Written): void {
  const { number, takenAt, entries } = snapshot;
  for (const entry of entries) {
    const key = keyOfName(keys, entry.key);
    const aside = staged.get(entry.key);
    if (aside === undefined) writeEntry(multi, key, entry, takenAt);
    else multi.rename(aside, key).persist(key);
  }
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

/** Swaps each member with the score that follows it. */
function scoresFirst(values: readonly string[]): string[] {
  return values.map((_, at) => values[at ^ 1] ?? '');
}
