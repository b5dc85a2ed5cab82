import { isOutageReason, usdOf } from '@linkhaul/schemas';
import { accountPaused, busy, firstOf, held, lookUpWords, stopped } from './account.js';
import type { AccountFacts, Bound, JobFacts } from './facts.js';
import { counted, quoted, thereBe, timeOf, waits } from './words.js';

type Judge = (job: JobFacts, account: AccountFacts) => Bound | null;

/** Less than the time after which a job counts as standing still, so that the reason is known by then. */
export const QUIET_MS = 2_000;

/**
 * What keeps a job from going on, or from going faster. Never null for a job that is queued, planning or running and
 * does not move. For a paused job it is set only if the account keeps it paused.
 */
export function boundOfJob(job: JobFacts, account: AccountFacts): Bound | null {
  const ask = (judge: Judge) => judge(job, account);
  if (job.status === 'paused') return isOutageReason(job.reason) ? accountPaused(account) : null;
  if (job.status !== 'queued' && job.status !== 'planning' && job.status !== 'running') return null;
  // Calls are sent while the plan is still being written.
  const judges =
    job.status === 'running' && (job.planning === null || job.calls.open > 0) ? SENDING : [planning, silence];
  return firstOf(stopped, (judge) => judge(account)) ?? firstOf(judges, ask);
}

function isQuiet({ movedAt }: JobFacts, { now }: AccountFacts): boolean {
  return now - movedAt >= QUIET_MS;
}

const planning: Judge = (job, account) => {
  if (job.planning === null || !isQuiet(job, account)) return null;
  const { state, others, failure, dueAt } = job.planning;
  const since = timeOf(job.movedAt);
  if (state === 'active') {
    return { by: 'workers', detail: `${thereBe(job.pendingRows, 'row')} being packed into calls since ${since}.` };
  }
  if (state === 'delayed') {
    const again = dueAt === null ? `It has waited since ${since}` : `It is planned again at ${timeOf(dueAt)}`;
    return {
      by: 'workers',
      detail: `${again}, because its planning failed: ${quoted(failure ?? 'a worker has died')}.`,
    };
  }
  if (others > 0)
    return { by: 'turn', detail: `It has waited since ${since}: ${thereBe(others, 'list')} planned before it.` };
  const detail = `No worker has planned it since ${since}; ${thereBe(account.workers.live, 'worker')} alive.`;
  return { by: 'workers', detail };
};

/** Its remaining calls, and perhaps the money for more, wait for the upstream's record. */
const doubt: Judge = ({ calls, delayed, short, awaitsTrial }, { lookUps }) => {
  if (calls.inFlight > 0 || calls.unknown === 0) return null;
  const sendable = calls.open - calls.unknown - (delayed?.calls ?? 0);
  if (sendable > 0 && short !== 'job' && !awaitsTrial) return null;
  if (delayed !== null && lookUps.failure === null) return null;
  return {
    by: 'look_ups',
    detail: `${waits(calls.unknown, 'call')} for the upstream's record; ${lookUpWords(lookUps)}.`,
  };
};

const money: Judge = ({ short, money: { limit, taken }, calls }) => {
  if (short === null) return null;
  const open = counted(calls.inFlight + calls.unknown, 'call');
  if (short === 'tenant') {
    return {
      by: 'budget',
      detail: `The tenant's budget is held by calls without an answer, including ${open} of this job.`,
    };
  }
  const limitText = limit === null ? '' : ` of $${usdOf(limit)}`;
  const detail = `$${usdOf(taken)}${limitText} is spent or held by ${open} without an answer: the next call waits for what they leave.`;
  return { by: 'budget', detail };
};

const trial: Judge = ({ awaitsTrial, calls }) => {
  if (!awaitsTrial) return null;
  const ready = counted(Math.max(0, calls.open - calls.inFlight - calls.unknown), 'call');
  const detail = `Answers of its endpoint could not be read: 1 call at a time is sent until one can, and ${ready} of this job wait.`;
  return { by: 'upstream_pause', detail };
};

const delay: Judge = ({ calls, delayed }) => {
  if (delayed === null || calls.inFlight > 0 || calls.open > calls.unknown + delayed.calls) return null;
  const again = `${waits(delayed.calls, 'call')} to be sent again, the first until ${timeOf(delayed.until)}`;
  return { by: 'upstream_pause', detail: `${again}: the upstream did not take it.` };
};

/** The account is busy, but with calls of other jobs. */
const turn: Judge = ({ calls }, account) => {
  const { capacity } = account;
  if (capacity === null || calls.inFlight > 0 || calls.open === 0) return null;
  const others = capacity.inFlight - calls.unknown;
  if (others <= 0 || firstOf(busy, (judge) => judge(account)) === null) return null;
  const sent = `Other jobs have ${counted(others, 'call')} in flight`;
  return {
    by: 'turn',
    detail: `${sent}, and ${thereBe(capacity.jobs, 'job')} waiting: its turn comes when a call is answered.`,
  };
};

/** Its calls are at the upstream, or are ready and no worker takes them. */
const silence: Judge = (job, account) => {
  if (!isQuiet(job, account)) return null;
  const since = timeOf(job.movedAt);
  const { calls, sentAt } = job;
  if (calls.inFlight > 0) {
    const first = sentAt === null ? `nothing has come since ${since}` : `the first was sent at ${timeOf(sentAt)}`;
    return { by: 'upstream_in_flight', detail: `${waits(calls.inFlight, 'call')} for an answer, ${first}.` };
  }
  const unplanned = planning(job, account);
  if (unplanned !== null) return unplanned;
  const alive = `${thereBe(account.workers.live, 'worker')} alive`;
  const ready = calls.open - calls.unknown;
  if (ready > 0) return { by: 'workers', detail: `${thereBe(ready, 'call')} ready since ${since}, and ${alive}.` };
  return { by: 'workers', detail: `Its next step has waited for a worker since ${since}, and ${alive}.` };
};

/** What can hold back a planned job, the nearest cause first. */
const SENDING: readonly Judge[] = [
  doubt,
  money,
  ...held.map(
    (judge): Judge =>
      (_, account) =>
        judge(account),
  ),
  trial,
  delay,
  turn,
  ...busy.map(
    (judge): Judge =>
      (_, account) =>
        judge(account),
  ),
  silence,
];
