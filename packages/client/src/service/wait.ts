import { isFinished, type Job } from '@linkhaul/schemas';
import type { JobOf } from './by-endpoint.js';
import { pauseFor, throughOutage } from './outage.js';

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Gets the job as it stands after each round, and the finished one last. */
  readonly onProgress?: (job: Job) => void;
  /** Gets what went wrong first when the service cannot be reached, once an outage; it is asked again. */
  readonly onOutage?: (error: unknown) => void;
  /** How long one round may last: how often `onProgress` is called. */
  readonly roundMs?: number;
  /** Also end when the job pauses, which somebody has to end. */
  readonly untilPaused?: boolean;
}

/** Fetches a job, answered when it is finished or the round is over. */
export type ReadJob<J extends JobOf> = (options: { waitMs: number; signal?: AbortSignal }) => Promise<J>;

/** The longest round the service grants. */
const MAX_ROUND_MS = 50_000;
/** A service that answers early (a paused job, a shutdown) must not be asked in a tight loop. */
const MIN_ROUND_MS = 200;

/**
 * Asks, round after round, until the job is finished. Each round is one request that the service holds open; one that
 * fails because the service is away is asked again, for five minutes at most.
 */
export async function waitForJob<J extends JobOf>(read: ReadJob<J>, options: WaitOptions): Promise<J> {
  const { signal, onProgress, onOutage, untilPaused = false } = options;
  const waitMs = Math.min(options.roundMs ?? (onProgress === undefined ? MAX_ROUND_MS : 1000), MAX_ROUND_MS);
  const ask = () => read({ waitMs, ...(signal === undefined ? {} : { signal }) });
  for (;;) {
    const askedAt = performance.now();
    const job = await throughOutage(ask, { signal, onOutage });
    onProgress?.(job);
    if (isFinished(job) || (untilPaused && job.status === 'paused')) return job;
    const leftMs = Math.min(MIN_ROUND_MS, waitMs) - (performance.now() - askedAt);
    if (leftMs > 0) await pauseFor(leftMs, signal);
  }
}
