import {
  type AttemptFate,
  attemptTag,
  isoTime,
  type JobRecord,
  type ListedCall,
  refOf,
  type SettledAnswers,
  settledAnswers,
} from '@linkhaul/jobs';
import { planReader } from '@linkhaul/results';
import { type Call, type CallAttempt, endpointOf, usdOf } from '@linkhaul/schemas';
import { type AnswerHeader, ordinalOf, type PlannedTarget, type PlanShape, readAnswer, runOf } from '@linkhaul/storage';
import type { Services } from '../../services.js';

/** How many calls' answers are read at the same time. */
const AT_ONCE = 16;

type Reading = Pick<Services, 'storage' | 'calls' | 'ledger' | 'queues'>;

interface Viewing {
  readonly job: JobRecord;
  readonly plan: PlanShape;
  readonly services: Reading;
}

export async function callViews(calls: readonly ListedCall[], viewing: Viewing): Promise<Call[]> {
  const { job, plan, services } = viewing;
  const views: Call[] = [];
  const aboutOf = aboutCalls(viewing);
  const ref = refOf(job.description);
  const settled = await services.calls.settled(ref, plan.later);
  const answers = settledAnswers({ job: ref, plan, settled, targetsOf: planReader(job, plan, services) }, services);
  for (let at = 0; at < calls.length; at += AT_ONCE) {
    const batch = calls.slice(at, at + AT_ONCE);
    const attempts = await Promise.all(batch.map((call) => attemptsOf(call, { ...viewing, answers })));
    for (const [index, { call, status }] of batch.entries()) {
      views.push({ call, status, ...(await aboutOf(call)), attempts: attempts[index] ?? [] });
    }
  }
  return views;
}

/** A bulk call's targets are in the plan; any other call has one target. */
function aboutCalls({ job, plan, services }: Viewing): (call: number) => Promise<Pick<Call, 'targets' | 'offset'>> {
  const endpoint = endpointOf(job.description.endpoint);
  const targetsOf = planReader(job, plan, services);
  if (endpoint.kind === 'bulk') return async (call) => ({ targets: (await targetsOf(call)).length, offset: null });
  return async (call) => {
    if (endpoint.kind === 'single') return { targets: 1, offset: null };
    // A further run continues after the items that exist. Their number is in the run's plan.
    const [target]: readonly PlannedTarget[] = runOf(call, plan).run === 1 ? [] : await targetsOf(call);
    return { targets: 1, offset: (target?.before?.items ?? 0) + ordinalOf(call, plan) * endpoint.maxLimit };
  };
}

interface ReadingAttempts extends Viewing {
  readonly answers: SettledAnswers;
}

/** The attempts in order, without those that were never sent. */
async function attemptsOf(at: ListedCall, reading: ReadingAttempts): Promise<CallAttempt[]> {
  const found: CallAttempt[] = [];
  for (let attempt = 1; attempt <= at.attempts || at.isCut; attempt++) {
    const view = await attemptOf(at, attempt, reading);
    if (view !== null) found.push(view);
    else if (attempt > at.attempts) break;
  }
  return found;
}

async function attemptOf(
  at: ListedCall,
  attempt: number,
  { job, answers, services }: ReadingAttempts,
): Promise<CallAttempt | null> {
  const ref = refOf(job.description);
  const tagOf = (nonce: string | null = null) => attemptTag({ jobId: ref.id, call: at.call, attempt, nonce });
  if (attempt === at.awaited?.attempt) return awaitedAttempt(tagOf(at.awaited.nonce), at.awaited);
  const isSettled = at.status === 'stored' || at.status === 'failed';
  if (isSettled && attempt === at.attempts) {
    const answer = await answers.of(at.call);
    return answer === null ? damagedAttempt(tagOf(), null) : answeredAttempt(tagOf(answer.header.nonce), answer.header);
  }
  const stored = await readAnswer(services.storage, ref, { call: at.call, attempt });
  if (stored.kind === 'there') return answeredAttempt(tagOf(stored.answer.header.nonce), stored.answer.header);
  if (stored.kind === 'damaged') return damagedAttempt(tagOf(stored.header?.nonce), stored.header);
  const fate = at.fates.get(attempt);
  return fate === undefined ? null : lostAttempt(tagOf(fate.nonce), fate);
}

function awaitedAttempt(tag: string, { sentAt, worker }: NonNullable<ListedCall['awaited']>): CallAttempt {
  const unknown = { upstream_task_id: null, answered_at: null, code: null, cost_usd: null };
  return { tag, sent_at: isoTime(sentAt), worker, ...unknown };
}

function lostAttempt(tag: string, { taskId, sentAt, cost, worker }: AttemptFate): CallAttempt {
  return {
    tag,
    upstream_task_id: taskId,
    sent_at: isoTime(sentAt),
    answered_at: null,
    code: null,
    cost_usd: cost === null ? null : usdOf(cost),
    worker,
  };
}

/** An attempt whose stored answer is damaged. Even its header may be lost. */
function damagedAttempt(tag: string, header: AnswerHeader | null): CallAttempt {
  if (header !== null) return answeredAttempt(tag, header);
  const unknown = { upstream_task_id: null, sent_at: null, answered_at: null, code: null, cost_usd: null };
  return { tag, worker: null, ...unknown };
}

/** A call that was given up also has a header, although no answer arrived. */
function answeredAttempt(tag: string, header: AnswerHeader): CallAttempt {
  return {
    tag,
    upstream_task_id: header.taskId,
    sent_at: isoTime(header.sentAt),
    answered_at: header.givenUp === undefined ? isoTime(header.answeredAt) : null,
    code: header.statusCode,
    cost_usd: header.givenUp === 'unconfirmed' ? null : usdOf(header.cost),
    worker: header.worker,
  };
}
