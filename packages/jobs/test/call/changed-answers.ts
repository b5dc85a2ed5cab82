import type { JobRef } from '@linkhaul/storage';
import type { Message, Settlement } from '../../src/index.js';
import type { Overrides } from '../accept-job.js';
import { dispatch, grant } from '../messages.js';
import { openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

export const UNREADABLE = { verdict: 'failed', failed: 10, failedCode: 'answer_unreadable', cost: 60_000_000 } as const;
export const READ = { ok: 10, items: 10, cost: 24_360_000 } as const;

/** Long before any change was met, and long after. */
export const BEFORE = 0;
export const AFTER = 8_000_000_000_000;

export function pauseJobs(space: Space): ReturnType<Space['changedEndpoints']['pauseJobs']> {
  return space.changedEndpoints.pauseJobs();
}

export function plan(space: Space, overrides: Overrides = {}): Promise<JobRef> {
  return planJob(space, { calls: 20 }, overrides);
}

export function answer(space: Space, at: Message<'call'>, what: Partial<Settlement>) {
  return space.ledger.settle(at, settlement({ sentAt: AFTER, ...what }));
}

/** Calls of a job, all in flight together; other jobs are kept out of their way. */
export async function sendCalls(space: Space, job: JobRef, count: number): Promise<Message<'call'>[]> {
  const sent: Message<'call'>[] = [];
  while (sent.length < count) {
    const at = await nextOf(space, job);
    if (at === null) throw new Error('nothing can be sent');
    sent.push(at);
  }
  return sent;
}

/** Sends the job's next call; null where it may not send one. What other jobs have is put back. */
export async function nextOf(space: Space, job: JobRef): Promise<Message<'call'> | null> {
  const most = (await space.redis.zcard(space.keys.window)) + 10;
  let found: Message<'call'> | null = null;
  for (const message of await dispatch(space, most)) {
    const isOurs = found === null && message.job.id === job.id;
    if (isOurs && (await grant(space, message)).granted) found = message;
    else await space.ledger.shelve(message);
  }
  return found;
}

/** The change is met by three answers of the job. */
export async function meet(space: Space, job: JobRef): Promise<void> {
  for (const at of await sendCalls(space, job, 3)) await answer(space, at, UNREADABLE);
  await pauseJobs(space);
}

export const resume = (space: Space, job: JobRef) => space.jobSteps.act(job, { action: 'resume', by: 'me' });

/** Two jobs of a tenant that has met the change by the first of them, resumed by a user. */
export async function openAfterResume() {
  const space = await openSpace();
  const jobs = [await plan(space), await plan(space)] as const;
  await meet(space, jobs[0]);
  for (const job of jobs) await resume(space, job);
  return { space, jobs };
}

export async function stateOf(space: Space, job: JobRef): Promise<string> {
  const { status, reason } = await recordOf(space, job);
  return `${status}${reason === null ? '' : ` ${reason}`}`;
}

export const states = (space: Space, jobs: readonly JobRef[]) => Promise.all(jobs.map((job) => stateOf(space, job)));
