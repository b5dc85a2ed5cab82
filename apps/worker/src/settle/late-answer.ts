import { type Answer, type JobRef, readAnswer, readLateAnswer } from '@linkhaul/storage';
import type { Services } from '../services.js';

interface AttemptRef {
  readonly job: JobRef;
  readonly call: number;
  readonly attempt: number;
}

/** The answer to an earlier attempt that arrived after that attempt was given up, newest first. Deferred answers do not count. */
export async function lateAnswer(
  { job, call, attempt }: AttemptRef,
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

/** The answer that arrived after the whole call was given up: to this attempt, otherwise to an earlier one. */
export async function answerAfterGivingUp(at: AttemptRef, services: Pick<Services, 'storage'>): Promise<Answer | null> {
  const late = await readLateAnswer(services.storage, at.job, at);
  return late.kind === 'there' ? late.answer : lateAnswer(at, services);
}
