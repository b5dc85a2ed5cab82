import type { LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { StackFailure } from '../failure.js';
import type { Progress } from './progress.js';

const ROUND_MS = 250;

interface Watching {
  readonly signal: AbortSignal;
  readonly show: (progress: Progress) => void;
}

/** Waits for all jobs and gives them as they ended. A job that pauses or fails ends the demo. */
export function watchJobs(client: LinkhaulClient, jobs: readonly Job[], watching: Watching): Promise<Job[]> {
  const { signal, show } = watching;
  const onProgress = ({ endpoint, rows }: Job) =>
    show({ label: endpoint, done: rows.total - rows.pending, total: rows.total });
  return Promise.all(
    jobs.map(async ({ id }) => {
      const job = await client.waitFor(id, { signal, onProgress, roundMs: ROUND_MS, untilPaused: true });
      if (job.status !== 'completed') {
        throw new StackFailure(`The job ${id} (${job.endpoint}) is ${job.status}: ${job.reason ?? 'no reason given'}.`);
      }
      return job;
    }),
  );
}
