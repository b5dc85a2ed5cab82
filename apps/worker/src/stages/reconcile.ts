import { jobFromName, messageIds } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { lookUpUnknown } from './look-up.js';

/** A call is surely nobody's when its lease has ended and it is still `sending`. */
const ORPHAN_MARGIN_MS = 5_000;

/**
 * Finds what a crash left between two steps and repeats the step: calls without an owner, messages that were never
 * added, jobs that could be closed, deliveries that are due. Runs in one worker at a time; every part can be repeated.
 */
export async function reconcile(services: Services): Promise<void> {
  await markOrphans(services);
  await lookUpUnknown(services);
  await services.dispatcher.restoreLost();
  await services.dispatcher.fill();
  await restoreJobs(services);
  await restoreDeliveries(services);
}

async function markOrphans({ calls, ledger, env }: Services): Promise<void> {
  for (const ref of await calls.sentBefore((await calls.now()) - env.limits.leaseMs - ORPHAN_MARGIN_MS)) {
    const live = await calls.live(ref);
    if (live?.state !== 'sending') continue;
    await ledger.markUnknown({ ...ref, attempt: live.attempt }, env.unknown.lookUpAfterMs);
  }
}

/** Adding a message again while it is there changes nothing, so that nobody needs to know whether it is. */
async function restoreJobs({ store, queues }: Services): Promise<void> {
  for (const name of await store.active()) {
    const job = jobFromName(name);
    const record = await store.get(job);
    if (record === null) await store.retire(job);
    else if (record.plan === null && record.status !== 'cancelled')
      await queues.add('plan', job, { id: messageIds.plan(job) });
    else if (record.counts.open === 0) await queues.add('finish', job, { id: messageIds.finish(job) });
  }
}

async function restoreDeliveries({ deliveries, queues }: Services): Promise<void> {
  for (const id of await deliveries.due(Date.now()))
    await queues.add('deliver', { id }, { id: messageIds.deliver(id) });
}
