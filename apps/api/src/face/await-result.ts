import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '@linkhaul/jobs';
import { readTaskResult, type TaskResult } from '@linkhaul/results';
import { CODES } from '@linkhaul/schemas/vendor';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { isUnavailable } from '../unavailable.js';

/** A running job changes several times: it is read at most this often. */
const LOOK_AT_MOST_EVERY_MS = 10;
/** A change's message may be lost, so the job is also read this often. Not more often: a thousand requests may be waiting. */
const LOOK_EVERY_MS = 5_000;
/** If the job does not exist by then, the API process that was accepting it has died. */
const ACCEPTED_WITHIN_MS = 30_000;

/**
 * How the waiting ended. `result`: `withdrawn` if a row was given up before it was sent. `paused`: with the code that the vendor
 * would answer. `over`: time is up, or the client has left. `missing`: the job was never accepted, or was deleted.
 */
export type Awaited =
  | { readonly kind: 'result'; readonly result: TaskResult; readonly withdrawn: boolean }
  | { readonly kind: 'paused'; readonly code: number }
  | { readonly kind: 'over' | 'missing' };

/** Waits until all rows of a job's only task have an outcome, or `inTime` aborts. The job may still be about to be accepted. */
export async function awaitResult(job: JobRef, inTime: AbortSignal, services: Services): Promise<Awaited> {
  const missingUntil = performance.now() + ACCEPTED_WITHIN_MS;
  // Watching begins before the first read, so that no change is missed between the two.
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

/** Null while the task is not done. An unavailable Redis or storage counts as that: it may be back in time. */
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

/** Null if waiting makes sense: the job is not paused, or the reason may pass soon. */
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
