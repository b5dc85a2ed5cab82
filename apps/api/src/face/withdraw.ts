import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';

/**
 * Cancels a task whose client has left, so that rows that were not sent cost nothing. True if an answer is bought all the same,
 * because a row was already sent.
 */
export async function withdraw(job: JobRef, by: string, services: Services): Promise<boolean> {
  const { jobSteps, snapshots, queues, store, logger } = services;
  const done = await jobSteps.act(job, { action: 'cancel', by });
  if (done.result === 'done') await snapshots.keepJob(job);
  // If this message is lost, reconciliation adds it again.
  const finish = () => queues.add('finish', job);
  if (done.last) await finish().catch((err: unknown) => logger.warn({ err, job: job.id }, 'finish message'));
  const record = await store.get(job);
  return record !== null && record.counts.skipped < record.counts.total;
}
