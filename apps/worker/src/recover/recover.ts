import {
  accessTo,
  ClaimOver,
  claimRecovery,
  connectClient,
  createRestoration,
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
const JOBS_AT_ONCE = 4;

/**
 * Restores everything from storage after Redis has lost it: first the tenants' settings, then each job and its stored answers.
 * Nothing is sent meanwhile. It can be interrupted and repeated at any point: until it ends, Redis does not know the installation,
 * and every worker's storage gate is shut.
 */
export async function recover(services: Services): Promise<void> {
  const { recovery, installation, env } = services;
  const state = await recovery.read();
  if (state === null || state.state === 'done' || (await installation.isKnown())) return;
  await installation.serveRecovery();
  const connection = connectClient(env.redis);
  try {
    await whenReady(connection);
    const access = accessTo(connection, env.redis.prefix, env.timing);
    const era = await readEra(services.storage);
    const claim = await claimRecovery(access, era);
    const restoration = createRestoration(access, claim);
    await underClaim(state, { ...services, claim, restoration, era });
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
  /** The era of the snapshots to restore. */
  readonly era: string;
}

async function underClaim(state: RecoveryState, services: Recovering): Promise<void> {
  const { claim, logger } = services;
  try {
    await restore(state, services);
  } catch (error) {
    if (!(error instanceof ClaimOver)) {
      await claim.note({ failure: error instanceof Error ? error.message : String(error) });
    }
    throw error;
  }
  logger.warn({ by: state.by, go: state.go }, 'recovered from storage');
}

async function restore({ go }: RecoveryState, services: Recovering): Promise<void> {
  const { claim, installation, jobSteps, storage } = services;
  const reader = createReader(services);
  const stored = await listSnapshots(storage);
  const jobs = stored.flatMap(({ owner, ...rest }) => ('id' in owner ? [{ ...rest, owner }] : []));
  await claim.note({ jobs: jobs.length, done: 0, failure: null });
  await beginRecordSearches(await takenLast(stored, reader), services);
  await restoreTenants(stored, reader, services);
  const progress = { restored: 0, done: 0 };
  const open: JobRef[] = [];
  await pLimit(JOBS_AT_ONCE).map(jobs, async (one) => {
    const found = await restoreJob(one, reader, services);
    if (found !== 'removed') progress.restored++;
    if (found === 'open') open.push(one.owner);
    progress.done++;
    await claim.note({ done: progress.done });
  });
  for (const job of go ? open : []) await jobSteps.act(job, { action: 'resume', by: 'recover', reason: 'recovered' });
  await claim.note({ jobs: progress.restored, done: progress.restored, unreadable: reader.unreadable() });
  await installation.recovered(claim);
}

/** When the last snapshot was taken. Only the snapshots with the highest numbers are read. */
async function takenLast(stored: readonly StoredSnapshot[], reader: SnapshotReader): Promise<number> {
  const last = [...stored].sort((a, b) => b.number - a.number).slice(0, SNAPSHOTS_AT_ONCE);
  const times = await Promise.all(last.map(async (one) => (await reader.read(one))?.takenAt ?? 0));
  return Math.max(0, ...times);
}

interface SnapshotReader {
  /** Null if the snapshot belongs to an earlier era, or cannot be read. */
  read(stored: StoredSnapshot): Promise<Snapshot | null>;
  unreadable(): string[];
}

function createReader({ storage, logger, era }: Recovering): SnapshotReader {
  const unreadable = new Set<string>();
  return {
    async read(stored) {
      try {
        const snapshot = await readSnapshot(storage, stored);
        return snapshot?.era === era ? snapshot : null;
      } catch (err) {
        if (!(err instanceof UnreadableSnapshot)) throw err;
        unreadable.add(stored.path);
        logger.error({ err }, 'a snapshot cannot be recovered');
        return null;
      }
    },
    unreadable: () => [...unreadable],
  };
}

async function restoreTenants(
  stored: readonly StoredSnapshot[],
  reader: SnapshotReader,
  { restoration }: Recovering,
): Promise<void> {
  await pLimit(SNAPSHOTS_AT_ONCE).map(stored, async (one) => {
    if ('id' in one.owner) return;
    const snapshot = await reader.read(one);
    if (snapshot !== null) await restoration.restoreTenant(one.owner.tenant, snapshot);
  });
}

interface StoredJob extends StoredSnapshot {
  readonly owner: JobRef;
}

/** Restores a job and settles its stored answers. `removed`: the job was removed, so there is nothing to restore. */
async function restoreJob(
  stored: StoredJob,
  reader: SnapshotReader,
  services: Recovering,
): Promise<'open' | 'finished' | 'removed'> {
  const { restoration, store } = services;
  const { owner: job } = stored;
  const snapshot = await reader.read(stored);
  if (snapshot === null || (await restoration.restoreJob(job, snapshot)) === 'removed') return 'removed';
  const record = await store.get(job);
  if (record === null || record.finishedAt !== null) return 'finished';
  await bringUpToDate(record, services);
  return 'open';
}

/** Pauses the job until its user resumes it, and counts rows and cost from its stored answers. */
async function bringUpToDate(record: JobRecord, services: Services): Promise<void> {
  const job = refOf(record.description);
  await services.jobSteps.act(job, { action: 'pause', by: 'recover', reason: 'recovered' });
  await planJob(job, services);
  await settleAnswers(job, services);
}
