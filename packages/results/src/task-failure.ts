import type { Row, RowErrorCode } from '@linkhaul/schemas';
import { CODES, LEAST_FAILURE, messageOf, type Refusal } from '@linkhaul/schemas/vendor';
import { type Answer, failureOf, type PlannedTarget } from '@linkhaul/storage';

/** The answer that decided some of the rows. */
export interface DecidingAnswer {
  readonly call: number;
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

/** What the vendor would say where no answer of it says why a row has none. */
const SAID: Readonly<Partial<Record<RowErrorCode, number>>> = {
  cancelled: CODES.taskFailed,
  budget: CODES.funds,
  deadline: CODES.timeout,
  job_failed: CODES.invalidField,
};

/** Why a task without any answered row has failed, in the vendor's words: the upstream's own, where it said some. */
export function taskFailure(
  rows: readonly Pick<Row, 'call' | 'error'>[],
  answers: readonly Pick<DecidingAnswer, 'call' | 'answer'>[],
): Refusal {
  const [first] = rows;
  const header = answers.find(({ call }) => call === first?.call)?.answer.header;
  const code = header?.statusCode ?? 0;
  const failure = header && failureOf(header.outcome);
  if (failure && code >= LEAST_FAILURE) return { code, message: withoutCode(failure.message, code) || messageOf(code) };
  const ours = (first?.error && SAID[first.error.code]) ?? CODES.internal;
  return { code: ours, message: messageOf(ours) };
}

/** What is kept of a refusal begins with its code. */
function withoutCode(message: string, code: number): string {
  const beginning = `${code} `;
  return message.startsWith(beginning) ? message.slice(beginning.length) : message;
}
