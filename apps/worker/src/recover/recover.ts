import {
  accessTo,
  ClaimOver,
  claimRecovery,
  connectClient,
  createRestoration,
  createRestoredUsage,
  isOfRemovedJob,
  type JobRecord,
  type RecoveryClaim,
  type RecoveryState,
  type Restoration,
  refOf,
  whenReady,
} from '@linkhaul/jobs';
import {
  type JobRef,
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
import { beginRecordSearches } from './record-searches.js';
import { settleAnswers } from './settle-answers.js';

const SNAPSHOTS_AT_ONCE = 16;

/**
 * Brings back everything from storage after Redis has lost it: first what tenants have set and used, then the jobs, then
 * what their stored answers say. Nothing is sent meanwhile. Can be interrupted and repeated at any point: until it ends,
 * Redis does not know the installation, and the gate of every worker is shut.
 */
export async function recover(services: Services): Promise<void> {
  const { recovery, installation, env } = services;
  const asked = await recovery.read();
  if (asked === null || asked.state === 'done' || (await installation.isKnown())) return;
  await installation.serveRecovery();
  const connection = connectClient(env.redis);
  try {
    await whenReady(connection);
    const access = accessTo(connection, env.redis.prefix, env.timing);
    const era = await readEra(services.storage);
    const claim = await claimRecovery(access, era);
    const restoration = createRestoration(access, claim);
    await underClaim(asked, { ...services, claim, restoration, era });
  } catch (err) {
    if (!(err instanceof ClaimOver)) throw err;
    services.logger.warn({ err }, 'a recovery was left');
  } finally {
    connection.disconnect();
  }
}

interface Recovering extends Services {
  readonly claim: RecoveryClaim;
  readonly restoration: Restoration;
  /** That of the snapshots that are restored. */
  readonly era: string;
}

async function underClaim(asked: RecoveryState, services: Recovering): Promise<void> {
  const { claim, logger } = services;
  try {
    await restore(asked, services);
  } catch (error) {
    if (!(error instanceof ClaimOver)) {
      await claim.note({ failure: error instanceof Error ? error.message : String(error) });
    }
    throw error;
  }
  logger.warn({ by: asked.by, go: asked.go }, 'recovered from storage');
}

interface FoundJob {
  readonly job: JobRef;
  readonly stored: StoredSnapshot;
}

async function restore({ go }: RecoveryState, services: Recovering): Promise<void> {
  const { claim, installation, jobSteps } = services;
  const reader = createReader(services);
  const jobs = await restoreTenants(reader, services);
  await claim.note({ jobs: jobs.length, done: 0, failure: null, unreadable: reader.unreadable() });
  await beginRecordSearches(reader.newest(), services);
  const open: JobRef[] = [];
  for (const [at, found] of jobs.entries()) {
    if (await restoreJob(found, reader, services)) open.push(found.job);
    await claim.note({ done: at + 1 });
  }
  for (const job of go ? open : []) await jobSteps.act(job, { action: 'resume', by: 'recover', reason: 'recovered' });
  await installation.recovered(claim);
}

interface SnapshotReader {
  /** Null if the snapshot is of an era that is over, or cannot be read. */
  read(stored: StoredSnapshot): Promise<Snapshot | null>;
  /** When the last of those read was taken. */
  newest(): number;
  unreadable(): string[];
}

function createReader({ storage, logger, era }: Recovering): SnapshotReader {
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
async function restoreTenants(reader: SnapshotReader, services: Recovering): Promise<FoundJob[]> {
  const { storage, restoration, claim } = services;
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
  if (!(await claim.isAddedUp())) {
    await restoration.restoreUsage(usage);
    await claim.addedUp();
  }
  return jobs;
}

/** Restores a job and settles its stored answers. True if the job is not finished. */
async function restoreJob({ job, stored }: FoundJob, reader: SnapshotReader, services: Recovering): Promise<boolean> {
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
