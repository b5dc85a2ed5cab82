import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '@linkhaul/client';
import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../../services.js';
import { noJob } from './find-job.js';

/** As long as clients and proxies keep a request open. */
export const LONGEST_WAIT_MS = 50_000;
/** A busy job changes hundreds of times a second; its waiters need not look at each. */
const LOOK_AT_MOST_EVERY_MS = 50;
/** A word of a change can be lost with its connection. */
const LOOK_EVERY_MS = 2_000;

interface Waiting {
  readonly waitMs: number;
  readonly services: Pick<Services, 'store' | 'changes'>;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
}

/** The job when it is finished, or as it is when the time is over. */
export async function waitUntilFinished(job: JobRef, { waitMs, services, signal }: Waiting): Promise<JobRecord> {
  // It begins before the first look, so that no change falls between them.
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
