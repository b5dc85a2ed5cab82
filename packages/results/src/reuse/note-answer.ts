import { type JobDescription, type Jobs, questionOf, refOf } from '@linkhaul/jobs';
import { type AnswerHeader, EMPTY_TARGET, isCopied, MISSING_TARGET, type PlannedTarget } from '@linkhaul/storage';

export interface AnsweredCall {
  readonly description: JobDescription;
  readonly header: AnswerHeader;
  readonly targets: readonly PlannedTarget[];
}

/** Notes for which targets a stored answer can be used again, if the question is kept. */
export async function noteAnswer(
  { description, header, targets }: AnsweredCall,
  { reuse }: Pick<Jobs, 'reuse'>,
  options?: { readonly isEarlier: boolean },
): Promise<void> {
  // A task may ask for a list from the middle on. Its answer cannot stand for the list.
  if (description.tasks?.begin !== undefined) return;
  const { call, attempt, answeredAt } = header;
  const answer = { job: refOf(description), call, attempt, answeredAt, retentionDays: description.retention_days };
  await reuse.note(questionOf(description), { ...answer, ...reusable(header, targets) }, options);
}

/** A copied target is not noted: once the answer it came from is removed, nothing of that answer may be used again. */
function reusable({ outcome, copied }: AnswerHeader, targets: readonly PlannedTarget[]) {
  const bought = (wanted: (at: number) => boolean) =>
    targets.filter((_, at) => !isCopied(copied, at) && wanted(at)).map(({ target }) => target);
  switch (outcome.kind) {
    case 'bulk': {
      const isAnswered = (item = MISSING_TARGET) => item >= 0 || item === EMPTY_TARGET;
      return { targets: bought((at) => isAnswered(outcome.items[at])), isPart: false };
    }
    case 'list': {
      return { targets: outcome.status === null ? [] : bought(() => true), isPart: outcome.truncated !== null };
    }
    default:
      return { targets: [], isPart: false };
  }
}
