import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '@linkhaul/jobs';
import { readTaskResult, type TaskResult } from '@linkhaul/results';
import { CODES } from '@linkhaul/schemas/vendor';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { isUnavailable } from '../unavailable.js';

/** A job changes several times while it runs: not every change is looked at. */
const LOOK_AT_MOST_EVERY_MS = 10;
/** The message of a change can be lost with its connection. A thousand requests that wait are a thousand reads. */
const LOOK_EVERY_MS = 5_000;
/** If a job is not there by then, the API process that was accepting the job has died. */
const ACCEPTED_WITHIN_MS = 30_000;

/**
 * What came of waiting. `withdrawn`: a row was given up before it was sent. `paused`: with the code that the vendor would say.
 * `over`: the time is over, or the client has gone. `missing`: the job was never accepted, or is deleted.
 */
export type Awaited =
  | { readonly kind: 'result'; readonly result: TaskResult; readonly withdrawn: boolean }
  | { readonly kind: 'paused'; readonly code: number }
  | { readonly kind: 'over' | 'missing' };

/** Waits until the rows of a job's only task are decided, or `inTime` aborts. The job may still be on its way into Redis. */
export async function awaitResult(job: JobRef, inTime: AbortSignal, services: Services): Promise<Awaited> {
  const missingUntil = performance.now() + ACCEPTED_WITHIN_MS;
  // Watching begins before the first read, so that no change is missed in between.
  const watching = services.changes.watch(job);
  try {
    for (;;) {
      const found = await look(job, services);
      if (found !== null && (found.kind !== 'missing' || performance.now() > missingUntil)) return found;
      if (inTime.aborted) return { kind: 'over' };
      await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: inTime }).catch(() => undefined);
      await watching.next(LOOK_EVERY_MS, inTime);
    }
  } finally {
    watching.close();
  }
}

/** Null while there is nothing to say, also because Redis or storage is away: it may be back in time. */
async function look(job: JobRef, services: Services): Promise<Awaited | null> {
  try {
    return await awaitedOf(await services.store.get(job), services);
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

async function awaitedOf(record: JobRecord | null, services: Services): Promise<Awaited | null> {
  if (record === null) return { kind: 'missing' };
  if (record.counts.pending === 0) {
    const result = await readTaskResult(record, { firstLine: 1, rows: record.counts.total }, services);
    if (result !== null) return { kind: 'result', result, withdrawn: record.counts.skipped > 0 };
  }
  const code = codeOfPause(record);
  return code === null ? null : { kind: 'paused', code };
}

/** Null where it is worth to wait: nothing is wrong, or what is wrong may pass. */
function codeOfPause({ status, reason }: JobRecord): number | null {
  if (status !== 'paused') return null;
  switch (reason) {
    case 'tenant_budget':
    case 'budget':
    case 'upstream_funds':
      return CODES.funds;
    case 'upstream_daily_limit':
      return CODES.costLimit;
    default:
      return null;
  }
}
