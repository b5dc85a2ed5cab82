import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { Services } from '../services.js';

/** As long as clients and proxies keep a request open. */
export const LONGEST_WAIT_MS = 50_000;
/** A busy job changes hundreds of times a second; its waiters need not look at each. */
const LOOK_AT_MOST_EVERY_MS = 50;
/** A word of a change can be lost with its connection. */
const LOOK_EVERY_MS = 2_000;

/** `?wait_ms=`: how long an answer may be held back for the job to finish. */
export function parseWait(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^\d{1,5}$/.test(text) || Number(text) > LONGEST_WAIT_MS) {
    throw invalidRequest('wait_ms', `must be a whole number from 0 to ${LONGEST_WAIT_MS}`);
  }
  return Number(text);
}

interface Waiting {
  readonly waitMs: number;
  readonly services: Pick<Services, 'store' | 'changes'>;
  readonly signal: AbortSignal;
}

/** The job when it is finished, or as it is when the time is over. */
export async function waitUntilFinished(job: JobRef, { waitMs, services, signal }: Waiting): Promise<JobRecord> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  for (;;) {
    const turn = new AbortController();
    const either = AbortSignal.any([over, turn.signal]);
    // Listening begins before the look, so that no change falls between them.
    const change = services.changes.next(job, either);
    const record = await services.store.get(job);
    const wait = record !== null && record.finishedAt === null && waitMs > 0 && !over.aborted;
    if (wait) {
      await pause(LOOK_AT_MOST_EVERY_MS, over);
      await Promise.race([change, pause(LOOK_EVERY_MS, either)]);
    }
    turn.abort();
    if (record === null) throw new ApiProblem('not_found', `There is no job ${job.id}.`);
    if (!wait) return record;
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
