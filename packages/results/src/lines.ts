import type { JobRecord } from '@linkhaul/jobs';
import {
  explainInvalid,
  isRetryable,
  type Result,
  ROW_ERROR_CODES,
  type Row,
  type RowError,
  type RowErrorCode,
  type SkippedCode,
} from '@linkhaul/schemas';
import {
  type Answer,
  failureOf,
  type InvalidRow,
  type PlannedRow,
  type PlannedTarget,
  type RunEnd,
  type ValidRow,
} from '@linkhaul/storage';

/** The fields of a line that describe its input row. */
export interface InputColumns {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
  readonly target: string | null;
  readonly target_kind: Row['target_kind'];
  readonly duplicate_of: number | null;
}

/** The rest of a line. A missing field is null, or 0 if it is a number. */
export type ResultColumns<D = Result['data']> = Pick<Result, 'status'> &
  Partial<Omit<Result, keyof InputColumns | 'data'>> & { readonly data?: D | null };
type RowColumns = Pick<Row, 'status'> & Partial<Omit<Row, keyof InputColumns>>;

/** A line of results. All are built here, so that their keys have the contract's order. */
export function resultLine({ line, input, id, target, duplicate_of }: InputColumns, rest: ResultColumns): Result {
  const { status, position = null, call = null, fetched_at = null, source = null, data = null, error = null } = rest;
  return { line, input, id, target, status, duplicate_of, position, call, fetched_at, source, data, error };
}

/** A line of rows. All are built here, so that their keys have the contract's order. */
export function rowLine({ line, input, id, target, target_kind, duplicate_of }: InputColumns, rest: RowColumns): Row {
  const { status, items = 0, total_count = null, truncated = null, cost_usd = 0 } = rest;
  const { fetched_at = null, call = null, error = null } = rest;
  return {
    line,
    input,
    id,
    target,
    target_kind,
    status,
    duplicate_of,
    items,
    total_count,
    truncated,
    cost_usd,
    fetched_at,
    call,
    error,
  };
}

export function invalidColumns({ line, input, id }: InvalidRow): InputColumns {
  return { line, input, id, target: null, target_kind: null, duplicate_of: null };
}

export function validColumns({ line, input, id, target, kind, duplicateOf }: ValidRow): InputColumns {
  return { line, input, id, target, target_kind: kind, duplicate_of: duplicateOf };
}

export interface PlacedRow {
  readonly columns: InputColumns;
  /** The position of the row's target in the call. */
  readonly position: number;
}

/** Every row of a call, by line. */
export function rowsByLine(targets: readonly PlannedTarget[]): PlacedRow[] {
  return targets
    .flatMap((target, position) => target.rows.map((row) => ({ columns: plannedColumns(row, target), position })))
    .sort((a, b) => a.columns.line - b.columns.line);
}

function plannedColumns({ line, input, id }: PlannedRow, { target, kind, rows: [first] }: PlannedTarget): InputColumns {
  return { line, input, id, target, target_kind: kind, duplicate_of: line === first.line ? null : first.line };
}

export function invalidOutcome(row: InvalidRow): { status: 'invalid'; error: RowError } {
  return { status: 'invalid', error: { code: row.code, message: explainInvalid(row), retryable: false, attempts: 0 } };
}

export function errorOf(code: RowErrorCode, answer: Answer | null): RowError {
  const reason = (answer && failureOf(answer.header.outcome)?.message) ?? '';
  const message = reason === '' ? ROW_ERROR_CODES[code] : `${ROW_ERROR_CODES[code]} It said: ${reason}`;
  return { code, message, retryable: isRetryable(code), attempts: answer?.header.attempt ?? 0 };
}

/** The error of a row whose target has no item: its call failed, or the answer leaves the target out. */
export function missingError(answer: Answer): RowError {
  return errorOf(failureOf(answer.header.outcome)?.code ?? 'missing_in_answer', answer);
}

/** The outcome of a row whose stored answer is broken. */
export function damagedOutcome(attempts: number): { status: 'failed'; error: RowError } {
  return { status: 'failed', error: { ...errorOf('answer_damaged', null), attempts } };
}

/** Whether the job ended early: calls that were not sent by then are never sent. */
export function wasEnded(job: Pick<JobRecord, 'status' | 'cut'> | null): boolean {
  return job !== null && (job.status === 'cancelled' || job.status === 'failed' || job.cut !== null);
}

/** Why rows of a job are skipped. `end`: how their run ended, if a later one has begun. */
function skippedCode({ status, cut }: JobRecord, end: RunEnd | null = null): SkippedCode {
  if (end !== null && end !== 'done') return end;
  if (status === 'cancelled') return status;
  return status === 'failed' ? 'job_failed' : (cut ?? 'job_failed');
}

/** The outcome of a row for which no call will be sent. */
export function skippedOutcome(job: JobRecord, end: RunEnd | null = null): { status: 'skipped'; error: RowError } {
  return { status: 'skipped', error: errorOf(skippedCode(job, end), null) };
}

/** The outcome of a row without an answer. When its run ends it is skipped at once, unless its call is in flight. */
export function openOutcome(
  job: JobRecord,
  isLive: boolean,
  end: RunEnd | null = null,
): ReturnType<typeof skippedOutcome> | { status: 'pending' } {
  const isOver = end !== null || job.finishedAt !== null || (wasEnded(job) && !isLive);
  return isOver ? skippedOutcome(job, end) : { status: 'pending' };
}
