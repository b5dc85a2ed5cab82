import { setTimeout as sleep } from 'node:timers/promises';
import { createTurns } from './turns.js';

/** What a script that grants says. */
export type Reply =
  /** `inLine`: this worker stands in the account's line for its next request. */
  | { readonly kind: 'granted'; readonly fields: readonly string[]; readonly ageMs: number; readonly inLine: boolean }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'wait'; readonly ms: number; readonly reason: string };

interface Waiter {
  /** `more`: others wait behind this one. */
  ask(more: boolean): Promise<Reply>;
  settle(reply: Exclude<Reply, { kind: 'wait' }>, askedAt: number): void;
  fail(error: unknown): void;
  readonly signal: AbortSignal;
  /** The job of a call; what is no call goes before all of them. */
  readonly of: string;
  /** Monotonic time since when a grant may exist; null while surely none does. */
  askedAt: number | null;
}

/** The account's line, in which the workers stand while all slots are taken. */
export interface AccountLine {
  /** Resolves when a slot is held for this worker, after the time, or when the signal aborts. Never rejects. */
  turn(ms: number, signal: AbortSignal): Promise<void>;
  /** Ends the wait for a turn: somebody else is to ask first. */
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
 * One queue and one loop a process: one asks, the others wait for their turn, look-ups before calls, and calls by turns
 * over their jobs, so that a small job does not wait for all that a large one has in the window. No polling: a wait ends
 * with its time, or with a slot that is held for this worker. A grant's send time is waited for before the next one asks,
 * so that each worker has one reservation and the rate is shared evenly.
 */
export function createWaitingLine(account: AccountLine) {
  const lookUps: Waiter[] = [];
  const calls: Waiter[] = [];
  const turns = createTurns<Waiter>();
  let running = false;
  /** How long to wait for a turn while this worker stands in the account's line; null while it does not. */
  let turnWithinMs: number | null = null;
  /** A turn came, and nothing was granted since. */
  let mayHoldSlot = false;

  const takeTurn = async (signal: AbortSignal) => {
    if (turnWithinMs === null) return;
    await account.turn(turnWithinMs + spread(), signal);
    if (signal.aborted) return;
    turnWithinMs = null;
    mayHoldSlot = true;
  };

  const waitFor = async ({ ms, reason }: Extract<Reply, { kind: 'wait' }>, signal: AbortSignal) => {
    if (reason === 'in_flight') turnWithinMs = Math.min(ms, FALLBACK_MS);
    else await pauseFor(reason === 'rate' ? ms : ms + spread(), signal);
  };

  /** True when the waiter is done with, one way or the other. */
  const serve = async (waiter: Waiter): Promise<boolean> => {
    if (waiter.signal.aborted) {
      waiter.fail(waiter.signal.reason);
      return true;
    }
    waiter.askedAt ??= performance.now();
    const reply = await waiter.ask(lookUps.length + calls.length > 1);
    if (reply.kind !== 'refused') mayHoldSlot = false;
    if (reply.kind === 'wait') {
      waiter.askedAt = null;
      await waitFor(reply, waiter.signal);
      return false;
    }
    if (reply.kind === 'granted') {
      turnWithinMs = reply.inLine ? FALLBACK_MS : null;
      if (reply.ageMs < 0) await sleep(-reply.ageMs);
    }
    waiter.settle(reply, waiter.askedAt);
    return true;
  };

  const next = (): Waiter | undefined =>
    lookUps[0] ?? calls.find(({ askedAt }) => askedAt !== null) ?? turns.next(calls);

  const remove = (waiter: Waiter) => {
    const line = lookUps.includes(waiter) ? lookUps : calls;
    line.splice(line.indexOf(waiter), 1);
    if (line === calls) turns.served(waiter, calls);
  };

  const drain = async () => {
    for (let head = next(); head !== undefined; head = next()) {
      await takeTurn(head.signal);
      // One that goes before it may have come in the meantime.
      if (next() !== head) continue;
      try {
        if (await serve(head)) remove(head);
      } catch {
        // Redis is away: nothing is sent without a permit, and nothing is lost by waiting for one. The time of the
        // first asking is kept, for that grant may have been given and its reply lost.
        turnWithinMs = null;
        await pauseFor(REDIS_AWAY_MS + spread(), head.signal);
      }
    }
  };

  const run = async () => {
    running = true;
    while (next() !== undefined) {
      await drain();
      if (turnWithinMs === null && !mayHoldSlot) continue;
      turnWithinMs = null;
      mayHoldSlot = false;
      await account.leave().catch(() => undefined);
    }
    running = false;
  };

  const enter = (line: Waiter[]) => (waiter: Omit<Waiter, 'askedAt'>) => {
    line.push({ ...waiter, askedAt: null });
    if (!running) void run();
    else if (line === lookUps) account.interrupt();
  };
  return { push: enter(calls), pushFirst: enter(lookUps) };
}

function spread(): number {
  return Math.random() * SPREAD_MS;
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
