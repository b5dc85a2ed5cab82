import { type Answer, type JobRef, readAnswer, readLateAnswer } from '@linkhaul/storage';
import type { Services } from '../services.js';

interface LastAttempt {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
}

/** The answer of the latest attempt before this one that came after it was given up, and says what becomes of the rows. */
export async function lateAnswer(
  { job, call, attempt }: LastAttempt,
  { storage }: Pick<Services, 'storage'>,
): Promise<Answer | null> {
  for (let older = attempt - 1; older > 0; older--) {
    const found = await readAnswer(storage, job, { call, attempt: older });
    if (found.kind !== 'there') continue;
    const { outcome, givenUp } = found.answer.header;
    if (outcome.kind !== 'deferred' && givenUp === undefined) return found.answer;
  }
  return null;
}

/** The answer that has come since a call was given up: of the attempt that was given up last, or of one before it. */
export async function answerSince(at: LastAttempt, services: Pick<Services, 'storage'>): Promise<Answer | null> {
  const late = await readLateAnswer(services.storage, at.job, at);
  return late.kind === 'there' ? late.answer : lateAnswer(at, services);
}
