import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { announceEvent } from '../webhook/announce-events.js';

type FinishingServices = Pick<
  Services,
  | 'store'
  | 'jobSteps'
  | 'calls'
  | 'ledger'
  | 'queues'
  | 'events'
  | 'hooksDue'
  | 'deliveries'
  | 'webhooks'
  | 'storage'
  | 'snapshots'
  | 'logger'
  | 'env'
>;

/** The results of smaller jobs are written within a second at their first reading. */
const LINES_WORTH_FILES = 50_000;

/** Closes a job whose last call is settled, and announces its end. Every step can be repeated. */
export async function finishJob(job: JobRef, services: FinishingServices): Promise<void> {
  const { store, jobSteps, snapshots, logger } = services;
  if ((await jobSteps.finish(job)) === 'open') return;
  const record = await store.get(job);
  if (record !== null) {
    if (record.lastEvent !== null) await announceEvent({ tenant: job.tenant, place: record.lastEvent }, services);
    const { status, outcome, counts } = record;
    logger.info(
      { job: job.id, tenant: job.tenant, status, outcome, rows: counts.total, spent_nanos: counts.spent },
      'finished',
    );
  }
  await store.retire(job);
  await snapshots.keepJob(job);
  if (record !== null && isWorthFiles(record, services)) await services.queues.add('files', job);
}

/** Whether an API process writes the files of the results before anybody reads them. Redis' memory is too dear for it. */
function isWorthFiles({ counts }: JobRecord, { env }: FinishingServices): boolean {
  return env.storage.kind !== 'redis' && Math.max(counts.total, counts.items) >= LINES_WORTH_FILES;
}
