import { isRetryable, type Job, RETRY_CODES, type RowErrorCode } from '@linkhaul/schemas';
import type { FailureCount } from './failure-counts.js';

/** The rows that a retry would run again, and roughly what they would cost. */
export interface RetryPlan {
  readonly codes: readonly RowErrorCode[];
  readonly rows: number;
  /** Null if the job has bought nothing yet and had no estimate. */
  readonly estimatedUsd: number | null;
  /** The basis of the price: the cost of earlier rows, or the job's first estimate. */
  readonly goesBy: 'rows' | 'estimate';
}

type Prices = Pick<Job, 'rows' | 'cost'>;

/** Whether `/retry` accepts the code. It accepts none of the codes of invalid rows. */
export function canRetry(code: RowErrorCode): boolean {
  return RETRY_CODES.some((other) => other === code);
}

/** The codes that are chosen at first: those that may succeed when run again. */
export function firstChosen(counts: readonly FailureCount[]): readonly RowErrorCode[] {
  return counts.map(({ code }) => code).filter((code) => isRetryable(code));
}

export function planOf(
  counts: readonly FailureCount[],
  codes: readonly RowErrorCode[],
  job: Prices,
  buysUnreadable: boolean,
): RetryPlan {
  const chosen = counts.filter(({ code }) => codes.includes(code) && canRetry(code));
  // Reading kept answers again costs nothing.
  const bought = chosen.filter(({ code }) => code !== 'answer_unreadable' || buysUnreadable);
  const { usd, goesBy } = priceOfRow(job);
  return {
    codes: chosen.map(({ code }) => code),
    rows: sum(chosen.map(({ rows }) => rows)),
    estimatedUsd: usd === null ? null : usd * sum(bought.map((count) => count.bought)),
    goesBy,
  };
}

interface RowPrice extends Pick<RetryPlan, 'goesBy'> {
  readonly usd: number | null;
}

/** The average cost of a row of this job; before any was bought, the estimated cost. */
function priceOfRow({ rows, cost }: Prices): RowPrice {
  const answered = rows.ok + rows.empty;
  if (answered > 0 && cost.spent_usd > 0) return { usd: cost.spent_usd / answered, goesBy: 'rows' };
  const sent = rows.total - rows.invalid;
  return { usd: sent > 0 && cost.estimated_usd > 0 ? cost.estimated_usd / sent : null, goesBy: 'estimate' };
}

/** Why no row can be retried now, in words for the user; null if rows can be retried. */
export function retryRefusal({ status, finished_at }: Pick<Job, 'status' | 'finished_at'>): string | null {
  if (status === 'cancelled' && finished_at === null) {
    return 'Calls of this job are still open. Rows can be run again when the last one is answered.';
  }
  const isOver = status === 'completed' || status === 'failed' || status === 'cancelled';
  return isOver ? null : 'Rows can be run again when the job is finished or cancelled.';
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
