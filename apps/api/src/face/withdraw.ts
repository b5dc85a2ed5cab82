import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';

/**
 * Nobody waits for the task any more: what was not sent will not be, and costs nothing. True if an answer is bought
 * all the same, because it was sent already.
 */
export async function withdraw(job: JobRef, by: string, services: Services): Promise<boolean> {
  const { jobSteps, snapshots, queues, store, logger } = services;
  const done = await jobSteps.act(job, { action: 'cancel', by });
  if (done.result === 'done') await snapshots.keepJob(job);
  // Reconciliation adds the message again if it is lost.
  const finish = () => queues.add('finish', job);
  if (done.last) await finish().catch((err: unknown) => logger.warn({ err, job: job.id }, 'finish message'));
  const record = await store.get(job);
  return record !== null && record.counts.skipped < record.counts.total;
}
