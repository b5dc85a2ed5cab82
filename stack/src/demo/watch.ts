import type { LinkhaulClient } from '@linkhaul/client';
import type { Job } from '@linkhaul/schemas';
import { StackFailure } from '../failure.js';
import type { Progress } from './progress.js';

const ROUND_MS = 250;
/** After this time without progress the demo shows what the job waits for. */
const STILL_MS = 3_000;

interface Watching {
  readonly signal: AbortSignal;
  readonly show: (progress: Progress) => void;
}

/** Waits until all jobs have completed and returns their final state. Throws if a job pauses or fails. */
export function watchJobs(client: LinkhaulClient, jobs: readonly Job[], watching: Watching): Promise<Job[]> {
  const { signal, show } = watching;
  const moved = new Map<string, { readonly pending: number; readonly at: number }>();
  const onProgress = ({ id, endpoint, rows, bound_detail: detail }: Job) => {
    const now = performance.now();
    const last = moved.get(id);
    if (last?.pending !== rows.pending) moved.set(id, { pending: rows.pending, at: now });
    const isStill = last !== undefined && last.pending === rows.pending && now - last.at > STILL_MS;
    const waits = isStill && rows.pending > 0 ? detail : null;
    show({ label: endpoint, done: rows.total - rows.pending, total: rows.total, waits });
  };
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
