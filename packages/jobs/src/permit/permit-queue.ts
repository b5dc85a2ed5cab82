import { setTimeout as sleep } from 'node:timers/promises';
import { createWaiters, type NewCall, type NewLookUp, type Reply, type Waiter } from './waiters.js';

/** The account's queue, in which the workers stand while all slots are taken. */
export interface SlotQueue {
  /** Resolves when a slot is held for this worker, after the time, or when the signal aborts. Never rejects. */
  slot(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends the wait for a slot: another waiter is to ask first. */
  interrupt(): void;
  /** Nobody waits here any more. */
  leave(): Promise<void>;
}

const REDIS_AWAY_MS = 200;
/** For a word that was lost, and for leases that run out: nobody tells of those. */
const FALLBACK_MS = 2000;
/** Workers that wait for the same time must not all ask in the same instant. */
const SPREAD_MS = 50;

/**
 * One queue and one loop per process: one waiter asks, the others wait. Look-ups come before calls; calls take turns by
 * tenant and by job, so that no tenant waits behind everything another has in the window. Nothing polls: a wait ends with
 * its time, or with a slot that is held for this worker. The send time of a grant is waited for before the next waiter
 * asks, so that each worker has one reservation and the rate is shared evenly.
 */
export function createPermitQueue(account: SlotQueue) {
  const waiters = createWaiters();
  let running = false;
  /** How long to wait for a slot while this worker stands in the account's queue; null while it does not. */
  let slotWithinMs: number | null = null;
  /** A slot was held for this worker, and nothing was granted since. */
  let mayHoldSlot = false;

  const waitForSlot = async (signal: AbortSignal) => {
    if (slotWithinMs === null) return;
    await account.slot(slotWithinMs + spread(), signal);
    if (signal.aborted) return;
    slotWithinMs = null;
    mayHoldSlot = true;
  };

  const waitFor = async ({ ms, reason }: Extract<Reply, { kind: 'wait' }>, signal: AbortSignal) => {
    if (reason === 'in_flight') slotWithinMs = Math.min(ms, FALLBACK_MS);
    else await sleepFor(reason === 'rate' ? ms : ms + spread(), signal);
  };

  /** True when the waiter is done with, one way or the other. */
  const serve = async (waiter: Waiter): Promise<boolean> => {
    if (waiter.signal.aborted) {
      waiter.fail(waiter.signal.reason);
      return true;
    }
    waiter.askedAt ??= performance.now();
    const reply = await waiter.ask(waiters.count > 1);
    if (reply.kind !== 'refused') mayHoldSlot = false;
    if (reply.kind === 'wait') {
      waiter.askedAt = null;
      await waitFor(reply, waiter.signal);
      return false;
    }
    if (reply.kind === 'granted') {
      slotWithinMs = reply.is_queued ? FALLBACK_MS : null;
      if (reply.age_ms < 0) await sleep(-reply.age_ms);
    }
    waiter.resolve(reply, waiter.askedAt);
    return true;
  };

  const drain = async () => {
    for (let head = waiters.next(); head !== undefined; head = waiters.next()) {
      await waitForSlot(head.signal);
      // One that goes before it may have come in the meantime.
      if (waiters.next() !== head) continue;
      try {
        if (await serve(head)) waiters.remove(head);
      } catch {
        // Redis is away: nothing is sent without a permit, and nothing is lost by waiting for one. The time of the
        // first asking is kept, for that grant may have been given and its reply lost.
        slotWithinMs = null;
        await sleepFor(REDIS_AWAY_MS + spread(), head.signal);
      }
    }
  };

  const run = async () => {
    running = true;
    while (waiters.count > 0) {
      await drain();
      if (slotWithinMs === null && !mayHoldSlot) continue;
      slotWithinMs = null;
      mayHoldSlot = false;
      await account.leave().catch(() => undefined);
    }
    running = false;
  };

  return {
    push(call: NewCall) {
      waiters.addCall(call);
      if (!running) void run();
    },
    pushFirst(lookUp: NewLookUp) {
      waiters.addLookUp(lookUp);
      if (running) account.interrupt();
      else void run();
    },
  };
}

function spread(): number {
  return Math.random() * SPREAD_MS;
}

async function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
