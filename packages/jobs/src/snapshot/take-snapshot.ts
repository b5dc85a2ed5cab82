import { FORMAT, type Snapshot, type SnapshotEntry, type SnapshotOwner, snapshotEntryType } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
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

interface TakeOptions extends Pick<Access, 'run'> {
  readonly runId: string;
}

/** Takes the next snapshot of a job or tenant, which is to be stored. */
export function takeSnapshot(owner: SnapshotOwner, { run, runId }: TakeOptions): Promise<TakenSnapshot> {
  return take(owner, { run_id: runId }, run);
}

/** Reads what a snapshot would hold. */
export async function peekSnapshot(owner: SnapshotOwner, { run, runId }: TakeOptions): Promise<Snapshot> {
  return (await take(owner, { run_id: runId, peek: true }, run)).snapshot;
}

function take(owner: SnapshotOwner, taking: Taking, run: Access['run']): Promise<TakenSnapshot> {
  return 'id' in owner
    ? run(takeJob, { ...taking, job: jobName(owner) })
    : run(takeTenant, { ...taking, tenant: owner.tenant });
}
