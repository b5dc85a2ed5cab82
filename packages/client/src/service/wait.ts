import { setTimeout as pause } from 'node:timers/promises';
import { isFinished, type Job } from '@linkhaul/schemas';

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Gets the job as it stands after each round, and the finished one last. */
  readonly onProgress?: (job: Job) => void;
  /** How long one round may last: how often `onProgress` is called. */
  readonly roundMs?: number;
  /** Also end when the job pauses, which somebody has to end. */
  readonly untilPaused?: boolean;
}

/** Fetches a job, answered when it is finished or the round is over. */
export type ReadJob = (id: string, options: { waitMs: number; signal?: AbortSignal }) => Promise<Job>;

/** The longest round the service grants. */
const MAX_ROUND_MS = 50_000;
/** A service that answers early (a paused job, a shutdown) must not be asked in a tight loop. */
const MIN_ROUND_MS = 200;

/** Asks, round after round, until the job is finished. Each round is one request that the service holds open. */
export async function waitForJob(read: ReadJob, id: string, options: WaitOptions): Promise<Job> {
  const { signal, onProgress, untilPaused = false } = options;
  const waitMs = Math.min(options.roundMs ?? (onProgress === undefined ? MAX_ROUND_MS : 1000), MAX_ROUND_MS);
  for (;;) {
    const askedAt = performance.now();
    const job = await read(id, { waitMs, ...(signal === undefined ? {} : { signal }) });
    onProgress?.(job);
    if (isFinished(job) || (untilPaused && job.status === 'paused')) return job;
    const leftMs = Math.min(MIN_ROUND_MS, waitMs) - (performance.now() - askedAt);
    if (leftMs > 0) await pause(leftMs, undefined, { signal });
  }
}
