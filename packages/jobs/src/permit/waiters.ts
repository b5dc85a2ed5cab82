import type { JobRef } from '@linkhaul/storage';
import { createTurns } from './turns.js';

/** The part of a grant script's answer that the queue needs. */
export type Reply =
  /** `age_ms`: since the send time. `is_queued`: this worker is in the account's queue for its next request. */
  | { readonly kind: 'granted'; readonly age_ms: number; readonly is_queued: boolean }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly ms: number; readonly reason: string };

export interface Waiter<R extends Reply = Reply> {
  /** `more`: other waiters are behind this one. */
  ask(more: boolean): Promise<R>;
  resolve(reply: Exclude<R, { kind: 'wait' }>, askedAt: number): void;
  fail(error: unknown): void;
  readonly signal: AbortSignal;
  /** Monotonic time since when a grant may exist. Null while certainly none does. */
  askedAt: number | null;
}

interface CallWaiter<R extends Reply = Reply> extends Waiter<R> {
  readonly job: JobRef;
}

export type NewLookUp = Omit<Waiter, 'askedAt'>;
export type NewCall<R extends Reply = Reply> = Omit<CallWaiter<R>, 'askedAt'>;

/**
 * The requests of this process that wait for a permit: look-ups before calls, and calls in turn over tenants and jobs.
 */
export function createWaiters() {
  const lookUps: Waiter[] = [];
  const calls: CallWaiter[] = [];
  const turns = createTurns<CallWaiter>();
  return {
    get count() {
      return lookUps.length + calls.length;
    },
    /** A waiter for which a grant may exist goes before the other calls. */
    next: (): Waiter | undefined => lookUps[0] ?? calls.find(({ askedAt }) => askedAt !== null) ?? turns.next(calls),
    addLookUp: (lookUp: NewLookUp) => void lookUps.push({ ...lookUp, askedAt: null }),
    addCall: (call: NewCall) => void calls.push({ ...call, askedAt: null }),
    remove(waiter: Waiter) {
      const call = calls.find((one) => one === waiter);
      if (call === undefined) {
        lookUps.splice(lookUps.indexOf(waiter), 1);
        return;
      }
      calls.splice(calls.indexOf(call), 1);
      turns.served(call, calls);
    },
  };
}
