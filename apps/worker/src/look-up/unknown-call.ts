import { type Attempt, attemptTag, type CallRef, callLease } from '@linkhaul/jobs';
import { endpointOf, type FailedCode } from '@linkhaul/schemas';
import { type AnswerHeader, readKeptBody, storeAnswer } from '@linkhaul/storage';
import { countsAs, isLast, isPaid } from '../call/attempt-limits.js';
import type { EarlierPages } from '../outcome/list-outcome.js';
import type { Services } from '../services.js';
import { lateAnswer } from '../settle/late-answer.js';
import { settleHeader, settleStored } from '../settle/settle-stored.js';
import { earlierPages } from '../settle/store-answer.js';
import { type Fate, fateOf, LOOK_AGAIN_MS, type Sight } from './attempt-fate.js';
import type { Sought, SoughtCall } from './looked-up-attempt.js';

/** An attempt that may have been executed, and whose answer is not at hand. */
interface UnknownCall extends Attempt, SoughtCall {
  readonly nonce: string | null;
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
export async function seekUnknown(ref: CallRef, services: Deciding): Promise<Sought | null> {
  const { calls, source } = services;
  const live = await calls.live(ref);
  if (live?.state !== 'unknown') return null;
  const planned = await source.job(ref.job);
  if (planned === null) {
    await calls.lookAgainAt(ref, (await calls.now()) + LOOK_AGAIN_MS);
    return null;
  }
  const tag = attemptTag({ jobId: ref.job.id, call: ref.call, attempt: live.attempt, nonce: live.nonce });
  const found = { ...live, ...ref, tag, endpoint: planned.description.endpoint };
  const stored = await settleStored(found, planned, services);
  if (stored === 'settled' || stored === 'deferred') return null;
  const call = { ...found, isDamaged: stored === 'damaged' };
  return { ...call, decide: (sight) => decide(call, sight, services) };
}

/** Does what the sight of a call in the upstream's record asks. */
async function decide(call: UnknownCall, sight: Sight, services: Deciding): Promise<void> {
  const { calls, env } = services;
  const now = await calls.now();
  const fate = fateOf({ sight, sentAt: call.sentAt, now }, env.unknown);
  if (fate.kind === 'wait') await calls.lookAgainAt(call, fate.until);
  else await conclude(call, fate, services);
}

/** The call is sent again, unless an older attempt has its answer by now, or it must come to rest without one. */
async function conclude(call: UnknownCall, fate: Fate, services: Deciding): Promise<void> {
  const { ledger, permits, queues, env, logger, metrics } = services;
  const { job, attempt } = call;
  logger.warn({ job: job.id, tenant: job.tenant, call: call.call, attempt, ...fate }, 'unknown call resolved');
  metrics.resolved(fate.kind);
  // The upstream is not at it any more: its slot is free before its lease runs out.
  if (fate.kind !== 'blind') await permits.release(callLease(call));
  if (await takeLate(call, fate, services)) return;
  const kept = fate.kind === 'not_executed' ? null : await readKeptBody(services.storage, call);
  const parked = fate.kind === 'blind' && env.unknown.policy === 'park';
  // What was paid for is not bought again because its bytes broke here.
  const isBroken = call.isDamaged && fate.kind !== 'not_executed';
  const isOver = kept !== null || parked || isBroken || isLast(call, fate);
  if (isOver) return giveUp(call, { fate, kept }, services);
  const { last } = await ledger.resolve(call, fate, countsAs(call, fate));
  if (last) await queues.add('finish', job);
}

/** An answer of an older attempt, which came after that was given up, settles the call: it is neither bought nor failed. */
async function takeLate(call: UnknownCall, fate: Fate, services: Deciding): Promise<boolean> {
  const late = await lateAnswer(call, services);
  const planned = late === null ? null : await services.source.job(call.job);
  if (late === null || planned === null) return false;
  const { attempt } = late.header;
  await services.ledger.turnBack(call, fate, attempt);
  await settleStored({ ...call, attempt }, planned, services);
  return true;
}

interface GivenUp {
  readonly fate: Fate;
  /** The body that came, though it is no answer of the API: that is what was paid for. */
  readonly kept: Buffer | null;
}

/** Its rows fail, and the job can close. What the attempt cost, or may have cost, is shown. */
async function giveUp(call: UnknownCall, given: GivenUp, services: Deciding): Promise<void> {
  const { source, storage } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const targets = await source.targets(call.job, planned.plan, call.call);
  const isList = endpointOf(planned.description.endpoint).kind === 'list';
  const earlier = isList ? await earlierPages({ ...call, planned, targets }, services) : { items: 0, cost: 0 };
  const header = { ...headerWithoutAnswer(call, given, earlier), answeredAt: await services.calls.now() };
  // An answer that came in the meantime is worth more than our giving up.
  if (!(await storeAnswer(storage, call.job, { header, body: given.kept ?? Buffer.alloc(0) }))) {
    const stored = await settleStored(call, planned, services);
    if (stored !== 'damaged') return;
  }
  await settleHeader(call, { header, planned, targets }, services);
}

function headerWithoutAnswer(
  call: UnknownCall,
  given: GivenUp,
  earlier: EarlierPages,
): Omit<AnswerHeader, 'answeredAt'> {
  const { fate } = given;
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
    nonce: call.nonce,
    cost,
    simulated: null,
    ...moneyOf(given),
    outcome: {
      kind: 'failed',
      code: codeOf(call, given),
      message: '',
      itemsSoFar: earlier.items,
      costSoFar: earlier.cost + cost,
    },
  };
}

/** Where something came for it, the money is not wasted. */
function moneyOf({ fate, kept }: GivenUp): Pick<AnswerHeader, 'givenUp' | 'unpriced'> {
  if (kept !== null) return fate.cost === null ? { unpriced: true } : {};
  return { givenUp: fate.cost === null ? 'unconfirmed' : 'wasted' };
}

function codeOf({ isDamaged }: UnknownCall, { fate, kept }: GivenUp): FailedCode {
  if (isDamaged) return 'answer_damaged';
  if (kept !== null) return 'answer_unreadable';
  if (fate.kind === 'blind') return 'unconfirmed';
  return isPaid(fate) ? 'answer_lost' : 'upstream_error';
}
