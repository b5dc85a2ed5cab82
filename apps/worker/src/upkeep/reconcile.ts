import { isOutageReason, jobFromName } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { pauseChanged } from '../settle/pause-changed-endpoints.js';
import { judgeBounds } from './apply-time-limits.js';
import { markOrphans } from './mark-orphans.js';

/**
 * Finds what a crash left between two steps and repeats the step: calls without an owner, messages that were never
 * added, jobs that could be closed, deliveries that stand in no line. Every part can be repeated, by several workers at once, and
 * what is wrong with one job or one part holds up no other.
 */
export async function reconcile(services: Services): Promise<void> {
  const { dispatcher, store } = services;
  await attempt(services, 'orphans', () => markOrphans(services));
  await attempt(services, 'lost messages', () => dispatcher.restoreLost());
  await attempt(services, 'window', () => dispatcher.fill());
  await attempt(services, 'changed endpoints', () => pauseChanged(services));
  for (const name of await store.active()) await attempt(services, name, () => restoreJob(name, services));
  await attempt(services, 'deliveries', () => services.deliveries.lineUp());
}

async function attempt({ logger }: Services, what: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (err) {
    logger.error({ err, what }, 'could not reconcile');
  }
}

/** Adding a message again while it is there changes nothing, so that nobody needs to know whether it is. */
async function restoreJob(name: string, services: Services): Promise<void> {
  const { store, queues, outage } = services;
  const job = jobFromName(name);
  const record = await store.get(job);
  if (record?.status === 'paused' && isOutageReason(record.reason)) await outage.ensure(record.reason);
  if (record !== null) await judgeBounds(record, services);
  if (record === null) await store.retire(job);
  else if (record.storedRoots !== null) await queues.add('plan', job);
  else if (record.plan === null && record.status !== 'cancelled') await queues.add('plan', job);
  else if (record.retry !== null && record.status !== 'cancelled') await queues.add('plan', job);
  else if (record.counts.open === 0) await queues.add('finish', job);
}
