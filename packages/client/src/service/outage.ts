import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from './errors.js';

/** How long the service may be unreachable before a method gives up. */
const OUTAGE_MS = 300_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

interface OutageOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the first error of an outage. */
  readonly onOutage?: ((error: unknown) => void) | undefined;
}

/** Repeats `ask` until it succeeds, for five minutes at most; then rejects as the last try did. For reads only. */
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

/** The pause after the given number of tries, in milliseconds, at least as long as the service asked for. Null: give up. */
export function pauseBefore(error: unknown, { tries, awayMs }: { tries: number; awayMs: number }): number | null {
  if (!mayPass(error)) return null;
  const growingMs = Math.min(FIRST_PAUSE_MS * 2 ** (tries - 1), LONGEST_PAUSE_MS);
  const pauseMs = Math.max(growingMs, askedPauseMs(error));
  return awayMs + pauseMs > OUTAGE_MS ? null : pauseMs;
}

/** How long the service asked to wait, in milliseconds. 0 if it did not. */
export function askedPauseMs(error: unknown): number {
  return error instanceof LinkhaulProblem ? (error.retryAfterMs ?? 0) : 0;
}

/** Whether the same read may succeed later. Every 4xx but 429 would be refused again. */
export function mayPass(error: unknown): boolean {
  if (error instanceof LinkhaulProblem) return error.status === 429 || error.status >= 500;
  if (error instanceof LinkhaulUnexpectedAnswer) return error.retryable;
  return error instanceof LinkhaulUnreachable;
}

/** Waits. Rejects with the signal's own reason if it aborts. */
export function pauseFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}
