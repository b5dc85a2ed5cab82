import { eventId, type JobRecord, jobView } from '@linkhaul/jobs';
import type { WebhookEventName } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';

type Finishing = Pick<Services, 'store' | 'ledger' | 'deliveries' | 'queues' | 'logger'>;

/** Closes a job whose last call is settled, and records the webhook of it. Every step of it may be repeated. */
export async function finish(job: JobRef, services: Finishing): Promise<void> {
  const { store, ledger, logger } = services;
  if ((await ledger.finish(job)) === 'open') return;
  const record = await store.get(job);
  if (record !== null) {
    await announce(record, services);
    const { status, outcome, counts } = record;
    logger.info(
      { job: job.id, tenant: job.tenant, status, outcome, rows: counts.total, spent_nanos: counts.spent },
      'finished',
    );
  }
  await store.retire(job);
}

async function announce(record: JobRecord, { deliveries, queues }: Finishing): Promise<void> {
  const { webhook, tenant, id, metadata } = record.description;
  const type = typeOf(record);
  if (webhook === null || (webhook.events !== null && !webhook.events.includes(type))) return;
  const event = eventId({ tenant, id }, `${record.run}_${record.status}`);
  const view = jobView(record);
  const body = JSON.stringify({ type, timestamp: view.finished_at, data: { job: view, metadata } });
  await deliveries.record({ id: event, tenant, url: webhook.url, allowPrivate: webhook.allowPrivate, body });
  await queues.add('deliver', { id: event, attempts: 0 });
}

function typeOf({ status }: JobRecord): WebhookEventName {
  return status === 'cancelled' || status === 'failed' ? `job.${status}` : 'job.completed';
}
