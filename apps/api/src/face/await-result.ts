import { setTimeout as sleep } from 'node:timers/promises';
import { withDeadline } from '@linkhaul/client';
import type { JobRecord } from '@linkhaul/jobs';
import { readTaskResult, type TaskResult } from '@linkhaul/results';
import { CODES } from '@linkhaul/schemas/vendor';
import type { JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';

/** A job changes several times while it runs: not every change is looked at. */
const LOOK_AT_MOST_EVERY_MS = 10;
/** The message of a change can be lost with its connection. A thousand requests that wait are a thousand reads. */
const LOOK_EVERY_MS = 5_000;

/** What came of waiting. `over`: the time is over, or the client has gone. `paused`: with the code that the vendor would say. */
export type Awaited =
  | { readonly kind: 'result'; readonly result: TaskResult }
  | { readonly kind: 'paused'; readonly code: number }
  | { readonly kind: 'over' | 'missing' };

interface Waiting {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** The result of a job's only task, once its rows are decided. */
export async function awaitResult(job: JobRef, { waitMs, signal }: Waiting, services: Services): Promise<Awaited> {
  // Watching begins before the first read, so that no change is missed in between.
  const watching = services.changes.watch(job);
  try {
    return await withDeadline(waitMs, signal, async (inTime) => {
      for (;;) {
        const found = await look(job, services);
        if (found !== null) return found;
        if (inTime.aborted) return { kind: 'over' };
        await sleep(LOOK_AT_MOST_EVERY_MS, undefined, { signal: inTime }).catch(() => undefined);
        await watching.next(LOOK_EVERY_MS, inTime);
      }
    });
  } finally {
    watching.close();
  }
}

/** Null while there is nothing to say. */
async function look(job: JobRef, services: Services): Promise<Awaited | null> {
  const record = await services.store.get(job);
  if (record === null) return { kind: 'missing' };
  if (record.counts.pending === 0) {
    const result = await readTaskResult(record, { firstLine: 1, rows: record.counts.total }, services);
    if (result !== null) return { kind: 'result', result };
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
