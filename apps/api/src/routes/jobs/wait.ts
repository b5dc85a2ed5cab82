import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '@linkhaul/client';
import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../../services.js';
import { noJob } from './find-job.js';

/** Clients and proxies keep a request open about this long. */
export const LONGEST_WAIT_MS = 50_000;
/** A busy job changes hundreds of times a second: not every change is looked at. */
const LOOK_AT_MOST_EVERY_MS = 50;
/** The message of a change can be lost with its connection. */
const LOOK_EVERY_MS = 2_000;

interface Waiting {
  readonly waitMs: number;
  readonly services: Pick<Services, 'store' | 'changes'>;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The job once it is finished, or as it is when the time is over. */
export async function waitUntilFinished(job: JobRef, { waitMs, services, signal }: Waiting): Promise<JobRecord> {
  // Watching begins before the first read, so that no change is missed in between.
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
