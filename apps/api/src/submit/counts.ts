import { ApiProblem } from '../problem.js';
import { type FieldSource, pointTo } from '../request/pointers.js';
import type { ListRules } from './submission.js';

/** The refusal of a list with more rows than `expect_rows`, before the list ends. */
export function rowsBeyondExpected(expected: number, source: FieldSource): ApiProblem {
  return wrongCount(`More rows came than the ${expected} that were expected: count them again.`, source);
}

/** Checks the number of rows of a complete list. */
export function judgeCount(rows: number, { expect_rows: expected }: ListRules, source: FieldSource): void {
  if (rows === 0) {
    throw new ApiProblem('invalid_request', 'The list is empty: send at least one target.', {
      errors: [
        {
          ...(source === 'json' && { pointer: '/targets' }),
          code: 'no_rows',
          message: 'At least one target is needed.',
        },
      ],
    });
  }
  if (expected !== undefined && rows !== expected) {
    throw wrongCount(`${rows} rows came, ${expected} were expected: the upload may have been cut.`, source);
  }
}

function wrongCount(detail: string, source: FieldSource): ApiProblem {
  return new ApiProblem('invalid_request', detail, {
    errors: [{ pointer: pointTo(source, ['expect_rows']), code: 'row_count', message: detail }],
  });
}

export function tooManyRows(maxRows: number, line: number): ApiProblem {
  const most = maxRows.toLocaleString('en-US');
  return new ApiProblem(
    'invalid_request',
    `The list has more than ${most} rows: split it, or use file storage for longer lists.`,
    {
      errors: [{ line, code: 'too_many_rows', message: `A job has at most ${most} rows here.` }],
    },
  );
}
