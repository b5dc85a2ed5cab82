import type { Row, RowErrorCode } from '@linkhaul/schemas';
import { CODES, LEAST_FAILURE, messageOf, type Refusal } from '@linkhaul/schemas/vendor';
import { type Answer, failureOf, type PlannedTarget } from '@linkhaul/storage';

/** The answer that decided some of the rows. */
export interface DecidingAnswer {
  readonly call: number;
  readonly answer: Answer;
  readonly targets: readonly PlannedTarget[];
}

/** The vendor's code for a row without an answer that says why. */
const CODE_OF_ERROR: Readonly<Partial<Record<RowErrorCode, number>>> = {
  cancelled: CODES.taskFailed,
  budget: CODES.funds,
  deadline: CODES.timeout,
  job_failed: CODES.invalidField,
};

/** Why a task without any answered row has failed: in the upstream's words if it gave any, else in the vendor's. */
export function taskFailure(
  rows: readonly Pick<Row, 'call' | 'error'>[],
  answers: readonly Pick<DecidingAnswer, 'call' | 'answer'>[],
): Refusal {
  const [first] = rows;
  const header = answers.find(({ call }) => call === first?.call)?.answer.header;
  const code = header?.statusCode ?? 0;
  const failure = header && failureOf(header.outcome);
  if (failure && code >= LEAST_FAILURE) return { code, message: withoutCode(failure.message, code) || messageOf(code) };
  const ours = (first?.error && CODE_OF_ERROR[first.error.code]) ?? CODES.internal;
  return { code: ours, message: messageOf(ours) };
}

/** The stored text of a refusal begins with its code. */
function withoutCode(message: string, code: number): string {
  const beginning = `${code} `;
  return message.startsWith(beginning) ? message.slice(beginning.length) : message;
}
