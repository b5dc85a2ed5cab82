import {
  FORMAT,
  type JobRef,
  type Snapshot,
  type SnapshotEntry,
  type SnapshotOwner,
  snapshotEntryType,
} from '@linkhaul/storage';
import { z } from 'zod';
import { jobName, nameOfKey } from '../keys.js';
import type { Access } from '../redis/access.js';
import { scanHash } from '../redis/scan-hash.js';
import { script } from '../scripts.js';

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

interface Taking {
  readonly run_id: string;
  readonly peek?: true;
}
const takeJob = script<Taking & { job: string }>()('snapshot/take_job', taken, 'bytes');
const takeTenant = script<Taking & { tenant: string }>()('snapshot/take_tenant', taken, 'bytes');

/** What Redis has of a job or tenant, at one moment, and the number of the snapshot before. */
export type TakenSnapshot = z.infer<typeof taken>;

interface TakeOptions extends Pick<Access, 'redis' | 'keys' | 'run'> {
  readonly runId: string;
}

/** Takes the next snapshot of a job or tenant, which is to be stored. */
export function takeSnapshot(owner: SnapshotOwner, options: TakeOptions): Promise<TakenSnapshot> {
  return take(owner, {}, options);
}

/** Reads what a snapshot would hold. */
export async function peekSnapshot(owner: SnapshotOwner, options: TakeOptions): Promise<Snapshot> {
  return (await take(owner, { peek: true }, options)).snapshot;
}

async function take(owner: SnapshotOwner, peek: { peek?: true }, options: TakeOptions): Promise<TakenSnapshot> {
  const { run, runId } = options;
  const taking = { ...peek, run_id: runId };
  if (!('id' in owner)) return run(takeTenant, { ...taking, tenant: owner.tenant });
  const found = await run(takeJob, { ...taking, job: jobName(owner) });
  const attempts = found.snapshot.entries.length === 0 ? null : await readAttempts(owner, options);
  if (attempts === null) return found;
  return { ...found, snapshot: { ...found.snapshot, entries: [...found.snapshot.entries, attempts] } };
}

/**
 * Reads which attempts settled the job's calls, except first attempts. They are read a little later than the rest, because
 * a script would hold up Redis for a million of them. Calls that were settled in between are open in the snapshot, and
 * will be settled by the same answers.
 */
async function readAttempts(
  job: JobRef,
  { redis, keys }: Pick<Access, 'redis' | 'keys'>,
): Promise<SnapshotEntry | null> {
  const key = keys.attempts(job);
  const found = await scanHash(redis, key);
  return found.size === 0 ? null : { key: nameOfKey(keys, key), type: 'hash', values: [...found].flat() };
}
