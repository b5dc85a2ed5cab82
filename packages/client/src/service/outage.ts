import { setTimeout as pause } from 'node:timers/promises';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';

/** How long a service may be away. */
const OUTAGE_MS = 300_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

interface OutageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gets what went wrong first. */
  readonly onOutage?: ((error: unknown) => void) | undefined;
}

/** Asks until there is an answer, as long as an outage may last; then rejects as the last try did. For reads alone. */
export async function throughOutage<T>(ask: () => Promise<T>, { signal, onOutage }: OutageOptions): Promise<T> {
  const startedAt = performance.now();
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const pauseMs = signal?.aborted ? null : pauseBefore(error, { tries, awayMs: performance.now() - startedAt });
      if (pauseMs === null) throw error;
      if (tries === 1) onOutage?.(error);
      await pauseFor(pauseMs, signal);
    }
  }
}

/** How long to wait after so many tries, in milliseconds: as long as was asked for, at least. Null: no more tries. */
export function pauseBefore(error: unknown, { tries, awayMs }: { tries: number; awayMs: number }): number | null {
  if (!mayPass(error)) return null;
  const growingMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const pauseMs = Math.max(growingMs, askedPauseMs(error));
  return awayMs + pauseMs > OUTAGE_MS ? null : pauseMs;
}

/** How long the service asks to wait, in milliseconds; 0 where it does not. */
export function askedPauseMs(error: unknown): number {
  return error instanceof LinkhaulProblem ? (error.retryAfterMs ?? 0) : 0;
}

/** Whether a read may succeed later as it is. What the service refuses by 4xx it will refuse again, but for 429. */
export function mayPass(error: unknown): boolean {
  if (error instanceof LinkhaulProblem) return error.status === 429 || error.status >= 500;
  if (error instanceof LinkhaulUnexpectedAnswer) return error.retryable;
  return error instanceof LinkhaulUnreachable;
}

/** Rejects with the signal's own reason where it aborts. */
export async function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(ms, undefined, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
