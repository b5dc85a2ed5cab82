import { FAILED_CODES, isRetryable, RETRY_CODES, type RetryCode } from '@linkhaul/schemas';

/** Which rows of a job are run again: those of a status and, where codes are named, of one of them. */
export interface RetryChoice {
  readonly statuses: readonly ('failed' | 'skipped')[];
  readonly codes: readonly string[] | null;
  readonly retryableOnly: boolean;
  /** Whether what is `answer_unreadable` is bought again where its kept answer still is not understood. */
  readonly buy: boolean;
}

/** To name one of these is to mean it: `retryable_only` holds back only what nobody named. */
const TAKEN_BY_NAME: readonly RetryCode[] = ['answer_damaged', 'answer_unreadable'];

/** The codes of the rows that a choice takes: a row's code says its status too. */
export function codesOf({ statuses, codes, retryableOnly }: RetryChoice): RetryCode[] {
  return RETRY_CODES.filter(
    (code) =>
      statuses.includes(code in FAILED_CODES ? 'failed' : 'skipped') &&
      (codes === null || codes.includes(code)) &&
      (!retryableOnly || isRetryable(code) || (codes !== null && TAKEN_BY_NAME.includes(code))),
  );
}

/** Rows by code, without the codes that no row has. */
export function rowsByCode(counts: Readonly<Record<string, number>>): Map<RetryCode, number> {
  const known = RETRY_CODES.map((code) => [code, counts[code] ?? 0] as const);
  return new Map(known.filter(([, count]) => count > 0));
}
