import { callLease, type Message } from '@linkhaul/jobs';
import { createLruCache } from '../cache/lru-cache.js';
import type { Services } from '../services.js';
import { DEATHS_BEFORE_ALONE } from './attempt-limits.js';
import { createExclusiveLock } from './exclusive-lock.js';
import { prepareCall } from './prepare-call.js';
import { sendCall } from './send-call.js';
import { takeUpCall } from './take-up-call.js';
import { traceCall } from './trace-call.js';

/** More tags than BullMQ's window can hold while it delivers one message twice. */
const TAGS_REMEMBERED = 10_000;

/** Handles one message of the call queue: one attempt of a call. Prepares it, sends it and acts on the answer. */
export function createCallStage(services: Services): (message: Message<'call'>) => Promise<void> {
  const inProgress = new Set<string>();
  const sentTags = createLruCache<true>(TAGS_REMEMBERED);
  const lock = createExclusiveLock();
  const attempt = async (message: Message<'call'>) => {
    const wasSent = (tag: string) => sentTags.get(tag) === true;
    const prepared = await services.storageWatch.whenServing(() => prepareCall(message, wasSent, services));
    if (prepared === null) return await services.dispatcher.fill();
    sentTags.set(prepared.sent.tag, true);
    await sendCall(prepared, services);
  };
  return async (message) => {
    const lease = callLease(message);
    // BullMQ may deliver a message twice, even to one process. The first delivery owns the attempt.
    if (inProgress.has(lease)) return;
    inProgress.add(lease);
    try {
      if (!(await takeUpCall(message, services))) return;
      const exclusive = await mayKillWorkers(message, services);
      const ran = await lock.run(() => traceCall(message, () => attempt(message), services), {
        exclusive,
        signal: services.draining,
      });
      if (!ran) await services.ledger.shelve(message);
    } finally {
      inProgress.delete(lease);
    }
  };
}

/** Whether enough workers have died with this call in flight that it must run alone, to show whether it kills them. */
async function mayKillWorkers(message: Message<'call'>, { calls }: Services): Promise<boolean> {
  // Each death used up an attempt, so a low attempt number saves the read.
  if (message.attempt <= DEATHS_BEFORE_ALONE) return false;
  return ((await calls.live(message))?.deaths ?? 0) >= DEATHS_BEFORE_ALONE;
}
