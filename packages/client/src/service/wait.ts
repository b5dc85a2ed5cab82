import { isFinished, type Job } from '@linkhaul/schemas';
import type { JobOf } from './by-endpoint.js';
import { pauseFor, throughOutage } from './outage.js';

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Called with the job after each round, and at last with the finished job. */
  readonly onProgress?: (job: Job) => void;
  /** Called once for each outage, with its first error. The request is repeated. */
  readonly onOutage?: (error: unknown) => void;
  /** How long one round may last, in milliseconds. `onProgress` is called after each. */
  readonly roundMs?: number;
  /** Also end when the job is paused, because somebody has to resume it. */
  readonly untilPaused?: boolean;
}

/** Reads a job; the answer comes when the job is finished or the round is over. */
export type ReadJob<J extends JobOf> = (options: { waitMs: number; signal?: AbortSignal }) => Promise<J>;

/** The longest round that the service allows. */
const MAX_ROUND_MS = 50_000;
/** The service may answer early, for a paused job or at its shutdown. This keeps the requests from becoming a tight loop. */
const MIN_ROUND_MS = 200;

/**
 * Asks in rounds until the job is finished. A round is one request that the service holds open. If the service cannot be
 * reached, the request is repeated for five minutes at most.
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
