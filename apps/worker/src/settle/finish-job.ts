import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { announce } from '../webhook/announce-events.js';

type Finishing = Pick<Services, 'store' | 'ledger' | 'events' | 'deliveries' | 'webhooks' | 'logger' | 'env'>;

/** Closes a job whose last call is settled, and announces it. Every step of it may be repeated. */
export async function finish(job: JobRef, services: Finishing): Promise<void> {
  const { store, ledger, logger } = services;
  if ((await ledger.finish(job)) === 'open') return;
  const record = await store.get(job);
  if (record !== null) {
    if (record.lastEvent !== null) await announce({ tenant: job.tenant, place: record.lastEvent }, services);
    const { status, outcome, counts } = record;
    logger.info(
      { job: job.id, tenant: job.tenant, status, outcome, rows: counts.total, spent_nanos: counts.spent },
      'finished',
    );
  }
  await store.retire(job);
}
