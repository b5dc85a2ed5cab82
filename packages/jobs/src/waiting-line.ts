import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** What a script that grants says. */
export type Reply =
  | { kind: 'granted'; fields: string[] }
  | { kind: 'refused'; why: string }
  | { kind: 'wait'; ms: number; reason: string };

interface Waiter {
  ask(): Promise<Reply>;
  settle(reply: Exclude<Reply, { kind: 'wait' }>, askedAt: number): void;
  fail(error: unknown): void;
  readonly signal: AbortSignal;
  /** Monotonic time since when a grant may exist; null while surely none does. */
  askedAt: number | null;
}

const REDIS_AWAY_MS = 200;
/** For a release whose message was lost. */
const FALLBACK_MS = 500;

/** Runs the head of the line until it is empty. No polling: a wait ends with its time, or with a slot that was freed. */
export function createWaitingLine(subscriber: Redis, released: string) {
  const lookUps: Waiter[] = [];
  const calls: Waiter[] = [];
  let running = false;
  let wake = new AbortController();
  void subscriber.subscribe(released);
  subscriber.on('message', (channel) => {
    if (channel === released) wake.abort();
  });

  const pauseFor = async (ms: number, ends: AbortSignal[]) => {
    await sleep(ms, undefined, { signal: AbortSignal.any(ends) }).catch(() => undefined);
  };

  /** True when the waiter is done with, one way or the other. */
  const serve = async (waiter: Waiter): Promise<boolean> => {
    if (waiter.signal.aborted) {
      waiter.fail(waiter.signal.reason);
      return true;
    }
    wake = new AbortController();
    waiter.askedAt ??= performance.now();
    const reply = await waiter.ask();
    if (reply.kind !== 'wait') {
      waiter.settle(reply, waiter.askedAt);
      return true;
    }
    waiter.askedAt = null;
    const bySlot = reply.reason === 'in_flight';
    await pauseFor(
      bySlot ? Math.min(reply.ms, FALLBACK_MS) : reply.ms,
      bySlot ? [wake.signal, waiter.signal] : [waiter.signal],
    );
    return false;
  };

  const run = async () => {
    running = true;
    for (let line = nextLine(); line !== null; line = nextLine()) {
      const [head] = line;
      if (head === undefined) break;
      try {
        if (await serve(head)) line.splice(line.indexOf(head), 1);
      } catch {
        // Redis is away: nothing is sent without a permit, and nothing is lost by waiting for one. The time of the
        // first asking is kept, for that grant may have been given and its reply lost.
        await pauseFor(REDIS_AWAY_MS, [head.signal]);
      }
    }
    running = false;
  };
  const nextLine = () => [lookUps, calls].find((line) => line.length > 0) ?? null;

  const enter = (line: Waiter[]) => (waiter: Omit<Waiter, 'askedAt'>) => {
    line.push({ ...waiter, askedAt: null });
    if (!running) void run();
  };
  return { push: enter(calls), pushFirst: enter(lookUps) };
}
