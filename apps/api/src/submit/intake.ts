import { setImmediate as nextTurn } from 'node:timers/promises';
import { endpointOf, INVALID_CODES, normaliseTarget, type ProblemDetail, type Submission } from '@linkhaul/schemas';
import type { RowWriter } from '@linkhaul/storage';
import { ApiProblem } from '../problem.js';
import { judgeCount, rowsBeyondExpected, tooManyRows } from './counts.js';
import type { FieldSource } from './pointers.js';
import type { InputRow, RowBatches } from './submission.js';

/** What came in: exact counts, and the targets to buy. */
export interface Intake {
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly targets: readonly string[];
  readonly rowParts: number;
  readonly invalidParts: number;
}

interface IntakeOptions {
  /** Where the rows go. */
  readonly writer: RowWriter;
  readonly submission: Submission;
  readonly source: FieldSource;
  readonly maxRows: number;
}

/** Lines named in a refusal. */
const MOST_NAMED = 1000;

/** Takes rows in as they come: normalises, finds duplicates, writes. Whoever calls it removes what a refusal leaves. */
export async function takeIn(batches: RowBatches, options: IntakeOptions): Promise<Intake> {
  const { writer, submission, source, maxRows } = options;
  const { expect_rows: expected = Number.POSITIVE_INFINITY } = submission;
  const rules = {
    as: submission.target_as,
    keepWww: submission.keep_www,
    acceptsPages: endpointOf(submission.endpoint).acceptsPages,
  };
  const firstLines = new Map<string, number>();
  const refusals = collectRefusals(submission);
  let valid = 0;
  let invalid = 0;

  // Fields by name, not spread: this runs for each of millions of rows.
  const take = ({ line, input, id }: InputRow): Promise<void> | undefined => {
    if (valid + invalid >= maxRows) throw tooManyRows(maxRows, line);
    if (valid + invalid >= expected) throw rowsBeyondExpected(expected, source);
    const normalised = normaliseTarget(input, rules);
    if (!normalised.ok) {
      invalid++;
      refusals.add({ line, code: normalised.code, message: INVALID_CODES[normalised.code] });
      return writer.invalid({ line, input, id, code: normalised.code });
    }
    valid++;
    const { target, kind } = normalised;
    const duplicateOf = firstLines.get(target) ?? null;
    if (duplicateOf === null) firstLines.set(target, line);
    return writer.valid({ line, input, id, target, kind, duplicateOf });
  };

  for await (const batch of batches) {
    for (const row of batch) {
      const full = take(row);
      if (full !== undefined) await full;
    }
    // Others get their turn also when the next batch is there already.
    await nextTurn();
  }
  judgeCount(valid + invalid, submission, source);
  refusals.judge();
  const targets = [...firstLines.keys()];
  return { valid, invalid, duplicates: valid - targets.length, targets, ...(await writer.finish()) };
}

/** With `on_invalid=reject` nothing runs when a line is invalid; more than can be named need not be waited for. */
function collectRefusals({ on_invalid: onInvalid }: Submission) {
  const refused: ProblemDetail[] = [];
  const judge = () => {
    if (refused.length === 0) return;
    throw new ApiProblem('invalid_rows', 'Nothing was run: correct these lines, or send on_invalid=skip.', {
      errors: refused,
    });
  };
  return {
    add(detail: ProblemDetail) {
      if (onInvalid === 'skip') return;
      refused.push(detail);
      if (refused.length === MOST_NAMED) judge();
    },
    judge,
  };
}
