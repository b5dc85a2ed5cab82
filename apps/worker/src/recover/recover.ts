import { createRestoredUsage, isOfRemovedJob, type JobRecord, type RecoveryState, refOf } from '@linkhaul/jobs';
import {
  type JobRef,
  listAccounts,
  listSnapshots,
  readEra,
  readSnapshot,
  type Snapshot,
  type StoredSnapshot,
  UnreadableSnapshot,
} from '@linkhaul/storage';
import pLimit from 'p-limit';
import { planJob } from '../plan/plan-job.js';
import type { Services } from '../services.js';
import { settleAnswers } from './settle-answers.js';

const SNAPSHOTS_AT_ONCE = 16;
/** A change is in a snapshot within this time, and calls were sent after the last one. */
const KEPT_WITHIN_MS = 120_000;

/**
 * Brings back everything from storage after Redis has lost it: first what tenants have set and used, then the jobs, then
 * what their stored answers say. Nothing is sent meanwhile. Can be interrupted and repeated at any point: until it ends,
 * Redis does not know the installation, and the gate of every worker is shut.
 */
export async function recover(services: Services): Promise<void> {
  const { recovery, installation, logger } = services;
  const asked = await recovery.read();
  if (asked === null || asked.state === 'done' || (await installation.isKnown())) return;
  await installation.serveRecovery();
  try {
    await restore(asked, services);
  } catch (error) {
    await recovery.note({ failure: error instanceof Error ? error.message : String(error) });
    throw error;
  }
  logger.warn({ by: asked.by, go: asked.go }, 'recovered from storage');
}

interface FoundJob {
  readonly job: JobRef;
  readonly stored: StoredSnapshot;
}

async function restore({ go }: RecoveryState, services: Services): Promise<void> {
  const { recovery, storage, installation, jobSteps } = services;
  const reader = createReader(services, await readEra(storage));
  const jobs = await restoreTenants(reader, services);
  await recovery.note({ jobs: jobs.length, done: 0, failure: null, unreadable: reader.unreadable() });
  for (const account of await listAccounts(storage)) {
    await services.restoration.searchRecordFrom(
      account,
      reader.newest() - KEPT_WITHIN_MS - services.env.limits.leaseMs,
    );
  }
  const open: JobRef[] = [];
  for (const [at, found] of jobs.entries()) {
    if (await restoreJob(found, reader, services)) open.push(found.job);
    await recovery.note({ done: at + 1 });
  }
  for (const job of go ? open : []) await jobSteps.act(job, { action: 'resume', by: 'recover', reason: 'recovered' });
  await installation.recovered(await readEra(storage));
}

interface SnapshotReader {
  /** Null if the snapshot is of an era that is over, or cannot be read. */
  read(stored: StoredSnapshot): Promise<Snapshot | null>;
  /** When the last of those read was taken. */
  newest(): number;
  unreadable(): string[];
}

function createReader({ storage, logger }: Services, era: string): SnapshotReader {
  const unreadable = new Set<string>();
  let newest = 0;
  return {
    async read(stored) {
      try {
        const snapshot = await readSnapshot(storage, stored);
        if (snapshot === null || snapshot.era !== era) return null;
        newest = Math.max(newest, snapshot.takenAt);
        return snapshot;
      } catch (err) {
        if (!(err instanceof UnreadableSnapshot)) throw err;
        unreadable.add(stored.path);
        logger.error({ err }, 'a snapshot cannot be recovered');
        return null;
      }
    },
    newest: () => newest,
    unreadable: () => [...unreadable],
  };
}

/** Restores tenants and adds up what their jobs have used. Returns the jobs that are to be restored. */
async function restoreTenants(reader: SnapshotReader, services: Services): Promise<FoundJob[]> {
  const { storage, restoration, recovery } = services;
  const usage = createRestoredUsage();
  const jobs: FoundJob[] = [];
  const limit = pLimit(SNAPSHOTS_AT_ONCE);
  await limit.map(await listSnapshots(storage), async (stored) => {
    const snapshot = await reader.read(stored);
    if (snapshot === null) return;
    const { owner } = stored;
    if (!('id' in owner)) return restoration.restoreTenant(owner.tenant, snapshot);
    usage.add(owner.tenant, snapshot);
    if (isOfRemovedJob(snapshot, owner)) return restoration.restoreRemoved(owner, snapshot);
    jobs.push({ job: owner, stored });
  });
  if (!(await recovery.isAddedUp())) {
    await restoration.restoreUsage(usage);
    await recovery.addedUp();
  }
  return jobs;
}

/** Restores a job and settles its stored answers. True if the job is not finished. */
async function restoreJob({ job, stored }: FoundJob, reader: SnapshotReader, services: Services): Promise<boolean> {
  const { restoration, store } = services;
  const snapshot = await reader.read(stored);
  if (snapshot === null) return false;
  await restoration.restoreJob(job, snapshot);
  const record = await store.get(job);
  if (record === null || record.finishedAt !== null) return false;
  await bringUpToDate(record, services);
  return true;
}

/** The job waits for its user, and its counts and cost are what its stored answers say. */
async function bringUpToDate(record: JobRecord, services: Services): Promise<void> {
  const job = refOf(record.description);
  await services.jobSteps.act(job, { action: 'pause', by: 'recover', reason: 'recovered' });
  await planJob(job, services);
  await settleAnswers(job, services);
}
