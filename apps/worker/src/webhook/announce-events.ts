import { type EventPlace, eventView, type StoredEvent, type WebhookTarget } from '@linkhaul/jobs';
import type { Services } from '../services.js';

type Announcing = Pick<Services, 'events' | 'deliveries' | 'webhooks' | 'logger' | 'env'>;

/**
 * Sees to the delivery of every event in the outbox. The end of a job is announced by the stage that closed it; what
 * else happened, and what a crash left, is found here, once a second.
 */
export function createAnnouncer(services: Announcing): () => Promise<void> {
  let busy = false;
  return async () => {
    if (busy) return;
    busy = true;
    try {
      while (await announceSome(services));
    } finally {
      busy = false;
    }
  };
}

/** True where there were events, and all went well: then there may be more. */
async function announceSome(services: Announcing): Promise<boolean> {
  const { events, logger } = services;
  const places = await events.outbox();
  let failed = false;
  for (const at of places) {
    try {
      await announce(at, services);
    } catch (err) {
      failed = true;
      logger.error({ err, ...at }, 'could not announce');
      await events.goLast(at);
    }
  }
  return places.length > 0 && !failed;
}

/** Records the delivery of one event, where somebody is to be told. Every step of it may be repeated. */
export async function announce(at: EventPlace, services: Announcing): Promise<void> {
  const { events, deliveries } = services;
  const [waits, event] = await Promise.all([events.isInOutbox(at), events.get(at)]);
  if (!waits) return;
  const target = event === null ? null : await targetOf(event, services);
  if (event !== null && target !== null) {
    const { url, allowPrivate } = target;
    const job = 'job' in event ? event.job.description.id : null;
    const body = JSON.stringify(eventView(event));
    await deliveries.record({ id: event.id, at, event: event.type, job, url, allowPrivate, body });
  }
  await events.leaveOutbox(at);
}

/** A job's events go where its description says; those of the account to the tenant's default webhook. */
async function targetOf(event: StoredEvent, { webhooks }: Announcing): Promise<WebhookTarget | null> {
  const target = 'job' in event ? event.job.description.webhook : await webhooks.defaultOf(event.tenant);
  return target === null || (target.events !== null && !target.events.includes(event.type)) ? null : target;
}
