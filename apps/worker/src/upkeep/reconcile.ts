import { isOutageReason, jobFromName } from '@linkhaul/jobs';
import { NewerFormat } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { pauseChangedEndpoints } from '../settle/pause-changed-endpoints.js';
import { applyTimeLimits } from './apply-time-limits.js';
import { markOrphans } from './mark-orphans.js';

/**
 * Finds steps that a crash left undone, and repeats them: calls without a worker, queue messages that were never added, jobs that
 * could be closed, deliveries that are in no queue. Several workers may do this at once. If one job or part fails, the others go on.
 */
export async function reconcile(services: Services): Promise<void> {
  const { dispatcher, store } = services;
  await attempt(services, 'orphans', () => markOrphans(services));
  await attempt(services, 'lost messages', () => dispatcher.restoreLost());
  await attempt(services, 'window', () => dispatcher.fill());
  await attempt(services, 'changed endpoints', () => pauseChangedEndpoints(services));
  for (const name of await store.active()) await attempt(services, name, () => restoreJob(name, services));
  await attempt(services, 'deliveries', () => services.deliveries.queuePending());
}

async function attempt({ logger }: Services, what: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (err) {
    if (err instanceof NewerFormat) logger.warn({ what }, `left to a newer version: ${err.message}`);
    else logger.error({ err, what }, 'could not reconcile');
  }
}

/** Adds the message that the job's state asks for. Adding a message that is in the queue already changes nothing. */
async function restoreJob(name: string, services: Services): Promise<void> {
  const { store, queues, outage } = services;
  const job = jobFromName(name);
  const record = await store.get(job);
  if (record?.status === 'paused' && isOutageReason(record.reason)) await outage.ensure(record.reason);
  if (record !== null) await applyTimeLimits(record, services);
  if (record === null) await store.retire(job);
  else if (record.storedRoots !== null) await queues.add('plan', job);
  else if (record.plan === null && record.status !== 'cancelled') await queues.add('plan', job);
  else if (record.retry !== null && record.status !== 'cancelled') await queues.add('plan', job);
  else if (record.counts.open === 0) await queues.add('finish', job);
}
