import { INVALID_CODES, isRetryable, ROW_ERROR_CODES, type RowError, type RowErrorCode, type RowStatus } from '@linkhaul/schemas';
import type { Answer, InvalidRow, PlannedRow, PlannedTarget } from '@linkhaul/storage';

/** The row of a line: its first columns, the same in every form. */
export function rowColumns(row: PlannedRow, target: PlannedTarget) {
  const [first] = target.rows;
  return {
    line: row.line,
    input: row.input,
    id: row.id,
    target: target.target,
    duplicate_of: row.line === first.line ? null : first.line,
  };
}

/** Every row of a call with the position of its target, by line. */
export function rowsByLine(targets: readonly PlannedTarget[]): { row: PlannedRow; target: PlannedTarget; position: number }[] {
  return targets
    .flatMap((target, position) => target.rows.map((row) => ({ row, target, position })))
    .sort((a, b) => a.row.line - b.row.line);
}

export function invalidError({ code }: InvalidRow): RowError {
  return { code, message: INVALID_CODES[code], retryable: false, attempts: 0 };
}

export function errorOf(code: RowErrorCode, answer: Answer | null): RowError {
  const said = answer?.header.outcome.kind === 'failed' ? answer.header.outcome.message : '';
  const message = said === '' ? ROW_ERROR_CODES[code] : `${ROW_ERROR_CODES[code]} It said: ${said}`;
  return { code, message, retryable: isRetryable(code), attempts: answer?.header.attempt ?? 0 };
}

/** What a row without an answer is: its job ended first, or it is still to come. */
export function unanswered(finished: boolean): { status: Extract<RowStatus, 'skipped' | 'pending'>; error: RowError | null } {
  return finished ? { status: 'skipped', error: errorOf('cancelled', null) } : { status: 'pending', error: null };
}
