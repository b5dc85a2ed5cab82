import type { FailedCode } from '@linkhaul/schemas';
import { type AnswerHeader, storeAnswer } from '@linkhaul/storage';
import { isPaid } from '../call/attempt-limits.js';
import type { EarlierPages } from '../outcome/list-outcome.js';
import { earlierPages } from '../settle/earlier-pages.js';
import { settleHeader, settleStored } from '../settle/settle-stored.js';
import type { Fate } from './attempt-fate.js';
import type { LookUpServices, UnknownCall } from './looked-up-attempt.js';

interface GivenUp {
  readonly fate: Fate;
  /** The body that arrived although it is no API answer: it is what was paid for. */
  readonly kept: Buffer | null;
}

/** Fails the call's rows, so that the job can close. Stores what the attempt cost, or may have cost. */
export async function giveUpCall(call: UnknownCall, given: GivenUp, services: LookUpServices): Promise<void> {
  const { source, storage } = services;
  const planned = await source.job(call.job);
  if (planned === null) return;
  const targets = await source.targets(call.job, planned.plan, call.call);
  const isBulk = planned.plan.kind === 'bulk';
  const earlier = isBulk ? { items: 0, cost: 0 } : await earlierPages({ ...call, planned, targets }, services);
  const header = { ...headerWithoutAnswer(call, given, earlier), answeredAt: await services.calls.now() };
  // If the answer has arrived meanwhile, it decides the call instead.
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
      ...(earlier.token && { token: earlier.token }),
    },
  };
}

/** The money counts as wasted only if nothing arrived for it. */
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
