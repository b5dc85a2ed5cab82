/** Why a row is `invalid`: it was never sent. */
export const INVALID_CODES = {
  page_without_scheme: 'A target with a path or a port needs its scheme, such as https://.',
  unsupported_scheme: 'Only http and https pages can be asked about.',
  credentials_in_url: 'What stands before an @, a user name or a mailbox, is part of no target: leave it out.',
  whitespace: 'A target must not contain spaces or control characters.',
  invisible_character: 'The row has an invisible character within, such as a zero-width space: remove it.',
  single_label: 'A host needs at least two labels, such as example.com.',
  unknown_tld: 'The top-level domain does not exist.',
  public_suffix: 'This is a public suffix, not a domain below one.',
  ip_address: 'An IP address is not a domain.',
  too_long: 'A target has at most 2,048 characters.',
  not_a_url: 'This was cut out of other text: a URL holds no <, and does not end with > or a quotation mark.',
  several_urls: 'Several URLs stand in this row: send each as a row of its own.',
  malformed: 'This is neither a host name nor a URL.',
  page_not_accepted: 'This endpoint takes domains and subdomains only.',
  too_many_fields:
    'The record has more fields than the header, or than the first records: quote fields that hold the separator.',
} as const;

/** Why a row is `failed`: a call was made, or had to be given up. */
export const FAILED_CODES = {
  missing_in_answer: 'The upstream answered the call but left this target out.',
  upstream_rejected: 'The upstream refused the call.',
  upstream_error: 'The upstream failed at every attempt.',
  unconfirmed: 'The call may have been executed, and nothing could tell whether it was.',
  answer_unreadable:
    'The upstream answered and was paid, but the form of its answer is not understood. The answer is kept.',
  answer_damaged: 'The answer was stored, and its bytes are broken now.',
  answer_lost: 'The call was paid for twice, and both answers were lost on their way.',
} as const;

/** Why a row is `skipped`: the job ended before its call was sent. */
export const SKIPPED_CODES = {
  cancelled: 'The job was cancelled before this row was asked.',
  budget: "The job's budget was spent before this row was asked.",
  deadline: "The job's deadline came before this row was asked.",
  job_failed: 'The job was stopped before this row was asked: the upstream refused its parameters.',
} as const;

export const ROW_ERROR_CODES = { ...INVALID_CODES, ...FAILED_CODES, ...SKIPPED_CODES } as const;

/** All of them: the list is closed. */
export const ROW_CODES = Object.keys(ROW_ERROR_CODES) as RowErrorCode[];

/** Codes of rows that can be run again: those that were asked, or would have been. */
export const RETRY_CODES = Object.keys({ ...FAILED_CODES, ...SKIPPED_CODES }) as RetryCode[];

export type InvalidCode = keyof typeof INVALID_CODES;
export type FailedCode = keyof typeof FAILED_CODES;
export type SkippedCode = keyof typeof SKIPPED_CODES;
export type RetryCode = FailedCode | SkippedCode;
export type RowErrorCode = keyof typeof ROW_ERROR_CODES;

const RETRYABLE: readonly RowErrorCode[] = [
  'missing_in_answer',
  'upstream_error',
  'unconfirmed',
  'answer_lost',
  'cancelled',
  'budget',
  'deadline',
];

/** Whether the same row may succeed when it is run again. */
export function isRetryable(code: RowErrorCode): boolean {
  return RETRYABLE.includes(code);
}
