import { setTimeout as sleep } from 'node:timers/promises';
import { createWaiters, type NewCall, type NewLookUp, type Reply, type Waiter } from './waiters.js';

/** The account's queue, in which workers wait while all slots are taken. */
export interface SlotQueue {
  /** Resolves when a slot is held for this worker, after the time, or when the signal aborts. Never rejects. */
  slot(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends the wait for a slot, because another waiter is to ask first. */
  interrupt(): void;
  /** Leaves the queue: no request waits here any more. */
  leave(): Promise<void>;
}

const REDIS_AWAY_MS = 200;
/** In case a message was lost, and for leases that run out, which no message announces. */
const FALLBACK_MS = 2000;
/** Spreads workers that wait for the same time, so that they do not all ask in the same instant. */
const SPREAD_MS = 50;

/**
 * One queue and one loop per process: one waiter asks, the others wait. Look-ups go before calls; calls take turns by
 * tenant and by job, so that no tenant waits behind all calls that another one has in the window. Nothing polls: a wait
 * ends at its time, or when a slot is held for this worker. The next waiter asks only after the send time of the last
 * grant, so that each worker has one reservation and the rate is shared evenly.
 */
export function createPermitQueue(account: SlotQueue) {
  const waiters = createWaiters();
  let running = false;
  /** How long to wait for a slot while this worker is in the account's queue. Null while it is not. */
  let slotWithinMs: number | null = null;
  /** A slot was held for this worker, and nothing was granted since then. */
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

  /** True if the waiter has its grant, was refused, or has given up. */
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
      // A waiter that goes first may have come meanwhile.
      if (waiters.next() !== head) continue;
      try {
        if (await serve(head)) waiters.remove(head);
      } catch {
        // Redis is away: nothing is sent without a permit, and waiting loses nothing. `askedAt` keeps the time of the
        // first request, because that grant may have been given although its reply was lost.
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
