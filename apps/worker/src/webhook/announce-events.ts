import { type EventPlace, eventBody, type StoredEvent, type WebhookTarget } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { announceHooks, announceReadyTasks } from './task-hooks.js';

type AnnouncingServices = Pick<
  Services,
  | 'events'
  | 'hooksDue'
  | 'deliveries'
  | 'webhooks'
  | 'store'
  | 'calls'
  | 'ledger'
  | 'queues'
  | 'storage'
  | 'logger'
  | 'env'
>;

/**
 * Returns a function that makes a delivery of every event in the outbox, and those that tasks ask for which have become
 * ready. The end of a job is announced when the job is closed; other events, and those that a crash left, are found here
 * every second.
 */
export function createAnnouncer(services: AnnouncingServices): () => Promise<void> {
  let busy = false;
  return async () => {
    if (busy) return;
    busy = true;
    try {
      while (await announceSome(services));
      await announceReadyTasks(services);
    } finally {
      busy = false;
    }
  };
}

/** True if there were events and all were announced: there may be more. */
async function announceSome(services: AnnouncingServices): Promise<boolean> {
  const { events, logger } = services;
  const places = await events.outbox();
  let failed = false;
  for (const at of places) {
    try {
      await announceEvent(at, services);
    } catch (err) {
      failed = true;
      logger.error({ err, ...at }, 'could not announce an event');
      await events.goLast(at);
    }
  }
  return places.length > 0 && !failed;
}

/** Makes a delivery of one event, if a webhook wants it. Every step can be repeated. */
export async function announceEvent(at: EventPlace, services: AnnouncingServices): Promise<void> {
  const { events, deliveries } = services;
  const [isWaiting, event] = await Promise.all([events.isInOutbox(at), events.get(at)]);
  if (!isWaiting) return;
  const target = event === null ? null : await targetOf(event, services);
  if (event !== null && target !== null) {
    const { url, allowPrivate } = target;
    const job = 'job' in event ? event.job.description.id : null;
    const body = eventBody(event);
    await deliveries.record({ id: event.id, at, event: event.type, job, url, allowPrivate, body });
  }
  if (event !== null && 'job' in event && event.job.finishedAt !== null) await announceHooks(event.job, services);
  await events.leaveOutbox(at);
}

/** Events of a job go to the webhook of its description, those of a watch to its own, others to the tenant's default webhook. */
async function targetOf(
  event: StoredEvent,
  { webhooks }: AnnouncingServices,
): Promise<Pick<WebhookTarget, 'url' | 'allowPrivate'> | null> {
  const own = 'job' in event ? event.job.description.webhook : 'watch' in event ? event.target : null;
  const target = own ?? ('job' in event ? null : await webhooks.defaultOf(event.tenant));
  const wanted: readonly string[] | null = target?.events ?? null;
  return target === null || (wanted !== null && !wanted.includes(event.type)) ? null : target;
}
