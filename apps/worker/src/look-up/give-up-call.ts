import type { FailedCode } from '@linkhaul/schemas';
import { type AnswerHeader, type AnswerOutcome, storeAnswer, withoutAnswer } from '@linkhaul/storage';
import { isPaid } from '../call/attempt-limits.js';
import type { EarlierPages } from '../outcome/list-outcome.js';
import { failedOutcome, withItsCopies } from '../reuse/copy.js';
import { findCopies } from '../reuse/find-copies.js';
import type { CopyServices } from '../reuse/source.js';
import { earlierPages } from '../settle/earlier-pages.js';
import { type SettleServices, settleHeader, settleStored } from '../settle/settle-stored.js';
import type { Fate } from './attempt-fate.js';
import type { UnknownCall } from './looked-up-attempt.js';

interface GivenUp {
  readonly fate: Fate;
  /** A body that arrived but is not an API answer. It is what was paid for. */
  readonly kept: Buffer | null;
}

type GivingUpServices = SettleServices & CopyServices;

/**
 * Fails the call's rows, so that the job can close; rows for which a stored answer is young enough get that answer. Stores what
 * the attempt cost, or may have cost.
 */
export async function giveUpCall(call: UnknownCall, given: GivenUp, services: GivingUpServices): Promise<void> {
  const { source, storage } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const targets = await source.targets(call.job, planned.plan, call.call);
  const earlier = await earlierPages({ ...call, planned, targets }, services);
  const header = { ...headerWithoutAnswer(call, given), answeredAt: await services.calls.now() };
  const failed = failureWithoutAnswer(call, given, earlier);
  // The copies with which the call was sent were lost together with its answer.
  const isBulk = planned.plan.kind === 'bulk';
  const copies = isBulk ? ((await findCopies({ ...call, planned, targets }, services))?.copies ?? null) : null;
  const whole = { ...header, outcome: failedOutcome(failed, copies) };
  const answer = withItsCopies({ header: whole, body: given.kept ?? Buffer.alloc(0) }, copies);
  const isStored = await storeAnswer(storage, call.job, answer);
  // If the answer has arrived meanwhile, it decides the call instead.
  if (!isStored && (await settleStored(call, planned, services)) !== 'damaged') return;
  const decided = isStored ? answer.header : { ...header, outcome: failed };
  await settleHeader(call, { header: decided, planned, targets }, services);
}

function headerWithoutAnswer(call: UnknownCall, given: GivenUp): Omit<AnswerHeader, 'answeredAt' | 'outcome'> {
  const { fate } = given;
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
    cost: fate.cost ?? 0,
    simulated: null,
    ...moneyOf(given),
  };
}

function failureWithoutAnswer(
  call: UnknownCall,
  given: GivenUp,
  earlier: EarlierPages,
): Extract<AnswerOutcome, { kind: 'failed' }> {
  return {
    kind: 'failed',
    code: codeOf(call, given),
    message: '',
    ...withoutAnswer(earlier, given.fate.cost ?? 0),
  };
}

/** The money counts as wasted only if no body arrived. */
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
