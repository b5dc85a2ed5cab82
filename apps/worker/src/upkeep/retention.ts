import type { JobRecord } from '@linkhaul/jobs';
import { isTagged } from '@linkhaul/schemas';
import { type JobRef, paths } from '@linkhaul/storage';
import type { Services } from '../services.js';

type Retaining = Pick<Services, 'removals' | 'store' | 'storage' | 'logger'>;

/** What one round takes up: the rest stands first in the next one. */
const MOST_A_ROUND = 100;
/** The last runs of a tag and endpoint stay: what the tag answers with, and what that is compared with. */
const RUNS_KEPT = 2;
/** Newer runs looked at; among more of them there surely were enough. */
const RUNS_LOOKED_AT = 50;

/**
 * Removes jobs whose time is over, and what removed jobs, and uploads that came to nothing, left in storage. Every step can
 * be repeated: a job is out of Redis at once, and its bytes are named until they are gone.
 */
export async function retain(services: Retaining): Promise<void> {
  const { removals } = services;
  for (const job of await removals.expired(MOST_A_ROUND)) await attempt(services, job, () => expire(job, services));
  await removals.giveUp(MOST_A_ROUND);
  for (const job of await removals.leftovers(MOST_A_ROUND)) await attempt(services, job, () => clear(job, services));
}

async function attempt({ logger }: Retaining, job: JobRef, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (err) {
    logger.error({ err, job: job.id, tenant: job.tenant }, 'could not remove a job');
  }
}

async function expire(job: JobRef, { removals, store, logger }: Retaining): Promise<void> {
  const record = await store.get(job);
  if (record !== null && (await isLastRun(record, store))) return removals.keep(job);
  const { result } = await removals.remove(job);
  if (result === 'done') logger.info({ job: job.id, tenant: job.tenant }, 'expired');
  // Not found, it would stand among those that are due for ever; one that is closing is due again in the next round.
  else if (result !== 'closing') await removals.keep(job);
}

async function clear(job: JobRef, { removals, storage }: Retaining): Promise<void> {
  await storage.remove(paths.job(job));
  await storage.remove(paths.results(job));
  await removals.cleared(job);
}

/**
 * Whether fewer than two newer runs of its tag and endpoint have finished, and, of one that brought results, brought any:
 * runs that failed do not take the place of the last good one. A job without a tag of its own is no series.
 */
async function isLastRun({ description, good }: JobRecord, store: Services['store']): Promise<boolean> {
  const { tenant, tag, id, endpoint } = description;
  if (!isTagged(description)) return false;
  const newer = await store.newerOf(tenant, tag, { id, most: RUNS_LOOKED_AT });
  const runs = newer.filter(
    (run) => run.description.endpoint === endpoint && run.finishedAt !== null && (run.good || !good),
  );
  return runs.length < RUNS_KEPT;
}
