import { type Attempt, attemptTag, type CallRef, callLease } from '@linkhaul/jobs';
import { type EndpointName, endpointOf, type FailedCode } from '@linkhaul/schemas';
import { type AnswerHeader, readAnswer, storeAnswer } from '@linkhaul/storage';
import type { EarlierPages } from '../outcome/list.js';
import type { Services } from '../services.js';
import { countsAs, isLast, isPaid } from './failures.js';
import { type Fate, fateOf, LOOK_AGAIN_MS, type Sight } from './fate.js';
import { earlierPages, settleHeader, settleStored } from './settle.js';

/** An attempt that may have been executed, and whose answer is not at hand. */
export interface UnknownCall extends Attempt {
  readonly tag: string;
  readonly sentAt: number;
  readonly endpoint: EndpointName;
  readonly failures: number;
  readonly losses: number;
  readonly deaths: number;
  readonly orphan: boolean;
  /** Its answer was stored, and nothing of that can be read. */
  readonly isDamaged: boolean;
}

export type Deciding = Pick<
  Services,
  | 'calls'
  | 'source'
  | 'storage'
  | 'ledger'
  | 'permits'
  | 'queues'
  | 'dispatcher'
  | 'changedEndpoints'
  | 'env'
  | 'logger'
  | 'metrics'
  | 'stopping'
>;

/** Null where the call is not unknown any more. Storage is asked: an answer that is there is settled. */
export async function stillUnknown(ref: CallRef, services: Deciding): Promise<UnknownCall | null> {
  const { calls, source } = services;
  const live = await calls.live(ref);
  if (live?.state !== 'unknown') return null;
  const planned = await source.job(ref.job);
  if (planned === null) {
    await calls.lookAgainAt(ref, (await calls.now()) + LOOK_AGAIN_MS);
    return null;
  }
  const tag = attemptTag({ jobId: ref.job.id, call: ref.call, attempt: live.attempt });
  const call = { ...live, ...ref, tag, endpoint: planned.description.endpoint };
  const stored = await settleStored(call, planned, services);
  return stored === 'settled' || stored === 'deferred' ? null : { ...call, isDamaged: stored === 'damaged' };
}

/** Does what the sight of a call in the upstream's record asks. What is wrong with one call holds up no other. */
export async function decide(call: UnknownCall, sight: Sight, services: Deciding): Promise<void> {
  const { calls, env, logger } = services;
  try {
    const now = await calls.now();
    const fate = fateOf({ sight, sentAt: call.sentAt, now }, env.unknown);
    if (fate.kind === 'wait') await calls.lookAgainAt(call, fate.until);
    else await conclude(call, fate, services);
  } catch (err) {
    logger.error({ err, job: call.job.id, call: call.call }, 'could not decide on an unknown call');
  }
}

/** The call is sent again, unless it has gone without an answer too often: then it must come to rest. */
async function conclude(call: UnknownCall, fate: Fate, services: Deciding): Promise<void> {
  const { ledger, permits, queues, env, logger, metrics } = services;
  const { job, attempt } = call;
  logger.warn({ job: job.id, tenant: job.tenant, call: call.call, attempt, ...fate }, 'unknown call resolved');
  metrics.resolved(fate.kind);
  // The upstream is not at it any more: its slot is free before its lease runs out.
  if (fate.kind !== 'blind') await permits.release(callLease(call));
  const parked = fate.kind === 'blind' && env.unknown.policy === 'park';
  // What was paid for is not bought again because its bytes broke here.
  const isBroken = call.isDamaged && fate.kind !== 'not_executed';
  if (parked || isBroken || isLast(call, fate)) return giveUp(call, fate, services);
  const { last } = await ledger.resolve(call, fate, countsAs(call, fate));
  if (last) await queues.add('finish', job);
}

/** Its rows fail, retryable, and the job can close. What the attempt cost, or may have cost, is shown. */
async function giveUp(call: UnknownCall, fate: Fate, services: Deciding): Promise<void> {
  const { source, storage, ledger } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const older = await olderAnswer(call, services);
  if (older !== null) {
    await ledger.turnBack(call, fate, older);
    await settleStored({ ...call, attempt: older }, planned, services);
    return;
  }
  const targets = await source.targets(call.job, planned.plan, call.call);
  const isList = endpointOf(planned.description.endpoint).kind === 'list';
  const earlier = isList ? await earlierPages({ ...call, planned, targets }, services) : { items: 0, cost: 0 };
  const header = { ...headerWithoutAnswer(call, fate, earlier), answeredAt: await services.calls.now() };
  // An answer that came in the meantime is worth more than our giving up.
  if (!(await storeAnswer(storage, call.job, { header, body: Buffer.alloc(0) }))) {
    const stored = await settleStored(call, planned, services);
    if (stored !== 'damaged') return;
  }
  await settleHeader(call, { header, planned, targets }, services);
}

/** The latest attempt before this one whose answer came after it was given up, and says what becomes of the rows. */
async function olderAnswer({ job, call, attempt }: UnknownCall, { storage }: Deciding): Promise<number | null> {
  for (let older = attempt - 1; older > 0; older--) {
    const found = await readAnswer(storage, job, { call, attempt: older });
    if (found.kind === 'there' && found.answer.header.outcome.kind !== 'deferred') return older;
  }
  return null;
}

function headerWithoutAnswer(call: UnknownCall, fate: Fate, earlier: EarlierPages): Omit<AnswerHeader, 'answeredAt'> {
  const cost = fate.cost ?? 0;
  return {
    call: call.call,
    attempt: call.attempt,
    failures: call.failures,
    worker: null,
    sentAt: call.sentAt,
    httpStatus: null,
    statusCode: null,
    taskId: fate.taskId ?? null,
    cost,
    simulated: null,
    givenUp: fate.cost === null ? 'unconfirmed' : 'wasted',
    outcome: {
      kind: 'failed',
      code: call.isDamaged ? 'answer_damaged' : codeOf(fate),
      message: '',
      itemsSoFar: earlier.items,
      costSoFar: earlier.cost + cost,
    },
  };
}

function codeOf(fate: Fate): FailedCode {
  if (fate.kind === 'blind') return 'unconfirmed';
  return isPaid(fate) ? 'answer_lost' : 'upstream_error';
}
