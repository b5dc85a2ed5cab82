import type { AnswerHeader, AnswerOutcome } from '@linkhaul/storage';
import type { JudgedReply, SentAttempt } from '../call/sent-attempt.js';
import { costOf, type Decision } from '../classify/classify-reply.js';

/** The header that is stored with an answer. The ledger can be settled from the header alone. */
export function answerHeader(
  sent: SentAttempt,
  { reply, decision, answeredAt }: JudgedReply,
  by: Pick<AnswerHeader, 'outcome' | 'worker'>,
): AnswerHeader {
  const facts = 'facts' in decision ? decision.facts : null;
  return {
    call: sent.call,
    attempt: sent.attempt,
    failures: sent.failures,
    sentAt: sent.sentAt,
    answeredAt,
    httpStatus: reply.kind === 'unsent' ? null : reply.httpStatus,
    statusCode: facts?.statusCode ?? null,
    taskId: facts?.taskId ?? null,
    nonce: sent.nonce,
    ...(facts !== null && facts.task > 0 && { task: facts.task }),
    cost: costOf(decision),
    ...(isUnpriced(decision, by.outcome) && { unpriced: true }),
    simulated: reply.kind === 'answer' ? reply.headers.simulated : null,
    ...by,
  };
}

/** Whether the upstream's record must be asked for the cost: the answer reports none, or reports 0 although it has items. */
function isUnpriced(decision: Decision, outcome: AnswerOutcome): boolean {
  if (!('facts' in decision) || outcome.kind === 'deferred') return false;
  const { cost } = decision.facts;
  return cost === null || (cost === 0 && decision.action === 'ok');
}
