import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { announceEvent } from '../webhook/announce-events.js';

type FinishingServices = Pick<
  Services,
  'store' | 'jobSteps' | 'events' | 'deliveries' | 'webhooks' | 'snapshots' | 'logger' | 'env'
>;

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
}
