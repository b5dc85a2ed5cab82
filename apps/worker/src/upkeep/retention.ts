import type { JobRecord } from '@linkhaul/jobs';
import { isTagged } from '@linkhaul/schemas';
import { type JobRef, paths } from '@linkhaul/storage';
import type { Services } from '../services.js';

type RetentionServices = Pick<Services, 'removals' | 'store' | 'storage' | 'snapshots' | 'logger'>;

/** Jobs per round. The rest wait for the next round. */
const JOBS_A_ROUND = 100;
/** The last two jobs of a tag and endpoint are kept: the one the tag answers with, and the one it is compared with. */
const JOBS_KEPT = 2;
/** How many newer jobs are read. If there are more, enough of them have finished. */
const JOBS_LOOKED_AT = 50;

/**
 * Removes expired jobs, and what removed jobs and abandoned uploads left in storage. Every step can be repeated: a job
 * leaves Redis at once, and Redis lists its leftovers until storage is cleared.
 */
export async function removeExpired(services: RetentionServices): Promise<void> {
  const { removals } = services;
  for (const job of await removals.expired(JOBS_A_ROUND)) await attempt(services, job, () => expire(job, services));
  await removals.giveUp(JOBS_A_ROUND);
  for (const job of await removals.leftovers(JOBS_A_ROUND)) await attempt(services, job, () => clear(job, services));
  for (const job of await removals.outlived(JOBS_A_ROUND)) await attempt(services, job, () => forget(job, services));
}

async function attempt({ logger }: RetentionServices, job: JobRef, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (err) {
    logger.error({ err, job: job.id, tenant: job.tenant }, 'could not remove a job');
  }
}

async function expire(job: JobRef, { removals, store, logger }: RetentionServices): Promise<void> {
  const record = await store.get(job);
  if (record !== null && (await isKeptForTag(record, store))) return removals.keep(job);
  const { result } = await removals.remove(job);
  if (result === 'done') logger.info({ job: job.id, tenant: job.tenant }, 'expired');
  // A missing job would stay due, so it is taken off the list. A job that is closing stays due for the next round.
  else if (result !== 'closing') await removals.keep(job);
}

/** Storage must record the removal before the job's bytes go; otherwise a recovery would restore the job without them. */
async function clear(job: JobRef, { removals, snapshots, storage }: RetentionServices): Promise<void> {
  await snapshots.keepJob(job);
  await storage.remove(paths.job(job));
  await storage.remove(paths.results(job));
  if ((await removals.cleared(job)) === 'forgotten') await snapshots.forget(job);
}

/** The record of a removed job's cost is kept only as long as its tenant's usage. */
async function forget(job: JobRef, { removals, snapshots }: RetentionServices): Promise<void> {
  await snapshots.forget(job);
  await removals.unbury(job);
}

/**
 * Whether the job is one of the last two of its tag and endpoint. If it has results, newer jobs without results do not
 * count: they must not push out the last good one. A job without a tag belongs to no series.
 */
async function isKeptForTag({ description, good }: JobRecord, store: Services['store']): Promise<boolean> {
  const { tenant, tag, id, endpoint } = description;
  if (!isTagged(description)) return false;
  const newer = await store.newerOf(tenant, tag, { id, most: JOBS_LOOKED_AT });
  const runs = newer.filter(
    (run) => run.description.endpoint === endpoint && run.finishedAt !== null && (run.good || !good),
  );
  return runs.length < JOBS_KEPT;
}
