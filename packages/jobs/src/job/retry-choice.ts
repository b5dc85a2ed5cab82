import { FAILED_CODES, isRetryable, RETRY_CODES, type RetryCode } from '@linkhaul/schemas';

/** Which rows of a job are run again: those of certain statuses and, if codes are named, with one of these codes. */
export interface RetryChoice {
  readonly statuses: readonly ('failed' | 'skipped')[];
  readonly codes: readonly string[] | null;
  readonly retryableOnly: boolean;
  /** Whether rows with `answer_unreadable` are bought again if their kept answer still cannot be read. */
  readonly buy: boolean;
}

/** Codes that are retried if they are named: `retryable_only` excludes them only if they are not. */
const TAKEN_BY_NAME: readonly RetryCode[] = ['answer_damaged', 'answer_unreadable'];

/** The codes of the rows that a choice takes. The code of a row also tells its status. */
export function codesOf({ statuses, codes, retryableOnly }: RetryChoice): RetryCode[] {
  return RETRY_CODES.filter(
    (code) =>
      statuses.includes(code in FAILED_CODES ? 'failed' : 'skipped') &&
      (codes === null || codes.includes(code)) &&
      (!retryableOnly || isRetryable(code) || (codes !== null && TAKEN_BY_NAME.includes(code))),
  );
}

/** Rows by code, without codes that no row has. */
export function rowsByCode(counts: Readonly<Record<string, number>>): Map<RetryCode, number> {
  const known = RETRY_CODES.map((code) => [code, counts[code] ?? 0] as const);
  return new Map(known.filter(([, count]) => count > 0));
}
