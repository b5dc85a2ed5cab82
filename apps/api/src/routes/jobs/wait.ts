import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '@linkhaul/client';
import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../../services.js';
import { noJob } from './find-job.js';

/** Clients and proxies usually keep a silent request open for at least this long. */
export const LONGEST_WAIT_MS = 50_000;
/** A busy job changes hundreds of times a second: it is read at most this often. */
const LOOK_AT_MOST_EVERY_MS = 50;
/** A change's message may be lost with its connection, so the job is also read this often. */
const LOOK_EVERY_MS = 2_000;

interface Waiting {
  readonly waitMs: number;
  readonly services: Pick<Services, 'store' | 'changes'>;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The job once it is finished, or as it is when the time is up. */
export async function waitUntilFinished(job: JobRef, { waitMs, services, signal }: Waiting): Promise<JobRecord> {
  // Watching begins before the first read, so that no change is missed between the two.
  const watching = services.changes.watch(job);
  try {
    return await withDeadline(waitMs, signal, async (inTime) => {
      for (;;) {
        const record = await services.store.get(job);
        if (record === null) throw noJob(job.id);
        if (record.finishedAt !== null || waitMs === 0 || inTime.aborted) return record;
        await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: inTime }).catch(() => undefined);
        await watching.next(LOOK_EVERY_MS, inTime);
      }
    });
  } finally {
    watching.close();
  }
}
