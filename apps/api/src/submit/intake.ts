import { endpointOf, INVALID_CODES, normaliseTarget, type ProblemDetail, type Submission } from '@linkhaul/schemas';
import { type Backend, type JobRef, paths, writeRows } from '@linkhaul/storage';
import { ApiProblem } from '../problem.js';
import type { InputRow, RowBatch } from './submission.js';

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
  readonly storage: Backend;
  readonly job: JobRef;
  readonly submission: Submission;
  readonly maxRows: number;
}

type Batches = AsyncIterable<RowBatch> | Iterable<RowBatch>;

/** Lines named in a refusal. */
const MOST_NAMED = 1000;

/** Takes rows in as they come: normalises, finds duplicates, stores. On any refusal nothing of it stays behind. */
export async function takeIn(batches: Batches, options: IntakeOptions): Promise<Intake> {
  try {
    return await takeRows(batches, options);
  } catch (error) {
    await options.storage.remove(paths.job(options.job));
    throw error;
  }
}

async function takeRows(batches: Batches, { storage, job, submission, maxRows }: IntakeOptions): Promise<Intake> {
  const writer = writeRows(storage, job);
  const rules = {
    as: submission.target_as,
    keepWww: submission.keep_www,
    acceptsPages: endpointOf(submission.endpoint).acceptsPages,
  };
  const firstLines = new Map<string, number>();
  const refused: ProblemDetail[] = [];
  let valid = 0;
  let invalid = 0;

  const take = (row: InputRow): Promise<void> | undefined => {
    if (valid + invalid >= maxRows) throw tooManyRows(maxRows);
    const normalised = normaliseTarget(row.input, rules);
    if (!normalised.ok) {
      invalid++;
      const { line } = row;
      if (refused.length < MOST_NAMED) refused.push({ line, code: normalised.code, message: INVALID_CODES[normalised.code] });
      return writer.invalid({ ...row, code: normalised.code });
    }
    valid++;
    const { target, kind } = normalised;
    const duplicateOf = firstLines.get(target) ?? null;
    if (duplicateOf === null) firstLines.set(target, row.line);
    return writer.valid({ ...row, target, kind, duplicateOf });
  };

  for await (const batch of batches) {
    for (const row of batch) {
      const full = take(row);
      if (full !== undefined) await full;
    }
  }
  judgeCounts(submission, { rows: valid + invalid, refused });
  const targets = [...firstLines.keys()];
  return { valid, invalid, duplicates: valid - targets.length, targets, ...(await writer.finish()) };
}

function judgeCounts({ expect_rows, on_invalid }: Submission, found: { rows: number; refused: ProblemDetail[] }): void {
  if (found.rows === 0) {
    throw new ApiProblem('invalid_request', 'The list is empty: send at least one target.', {
      errors: [{ pointer: '/targets', code: 'no_rows', message: 'At least one target is needed.' }],
    });
  }
  if (expect_rows !== undefined && expect_rows !== found.rows) {
    throw new ApiProblem('invalid_request', `${found.rows} rows came, ${expect_rows} were expected: the upload may have been cut.`, {
      errors: [{ pointer: '/expect_rows', code: 'row_count', message: `${found.rows} rows came.` }],
    });
  }
  if (on_invalid === 'reject' && found.refused.length > 0) {
    throw new ApiProblem('invalid_rows', 'Nothing was run: correct these lines, or send on_invalid=skip.', { errors: found.refused });
  }
}

function tooManyRows(maxRows: number): ApiProblem {
  const most = maxRows.toLocaleString('en-US');
  return new ApiProblem('invalid_request', `The list has more than ${most} rows: split it, or use file storage for longer lists.`, {
    errors: [{ line: maxRows + 1, code: 'too_many_rows', message: `A job has at most ${most} rows here.` }],
  });
}
