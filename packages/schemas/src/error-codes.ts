import { MAX_SET_EXCLUDED, MAX_SET_TARGETS } from './endpoints/params.js';

/** Why a row is `invalid`: it was never sent. */
export const INVALID_CODES = {
  page_without_scheme: 'A target with a path or a port needs its scheme, such as https://.',
  unsupported_scheme: 'Only http and https URLs are accepted.',
  credentials_in_url: 'A target has no user name or mailbox: remove the part before the @.',
  whitespace: 'A target must not contain spaces or control characters.',
  invisible_character: 'The row contains an invisible character, such as a zero-width space: remove it.',
  single_label: 'A host needs at least two labels, such as example.com.',
  unknown_tld: 'The top-level domain does not exist.',
  public_suffix: 'This is a public suffix, not a domain below one.',
  ip_address: 'An IP address is not a domain.',
  too_long: 'A target has at most 2,048 characters.',
  not_a_url: 'This is a piece of other text: a URL contains no < and does not end with > or a quotation mark.',
  several_urls: 'The row contains several URLs: send each one as its own row.',
  malformed: 'This is neither a host name nor a URL.',
  page_not_accepted: 'This endpoint takes domains and subdomains only.',
  no_target_in_set: 'A set holds at least one target that is not excluded.',
  too_many_targets: `A set holds at most ${MAX_SET_TARGETS} targets: leave some out.`,
  too_many_exclusions: `A set holds at most ${MAX_SET_EXCLUDED} excluded targets: leave some out.`,
  repeated_target: 'A target is in the set twice, or is both asked about and excluded.',
  too_many_fields:
    'The record has more fields than the header or the first records: put fields that contain the separator in quotes.',
  too_few_fields: 'The record ends before the column with the targets: a line end or a separator may be missing.',
} as const;

/** Why a row is `failed`: a call was made, or had to be given up. */
export const FAILED_CODES = {
  missing_in_answer: 'The upstream answered the call but left this target out.',
  upstream_rejected: 'The upstream refused the call.',
  upstream_error: 'The upstream failed at every attempt.',
  unconfirmed: 'Linkhaul could not find out whether the call was executed and charged.',
  answer_unreadable: 'The upstream answered and was paid, but Linkhaul cannot read the answer. The answer is kept.',
  answer_damaged: 'The stored answer is broken.',
  answer_lost: 'The call was paid for twice, and both answers were lost.',
} as const;

/** Why a row is `skipped`: the job ended before its call was sent. */
export const SKIPPED_CODES = {
  cancelled: 'The job was cancelled before this row was sent.',
  budget: "The job's budget was spent before this row was sent.",
  deadline: "The job's deadline came before this row was sent.",
  job_failed: 'The job was stopped before this row was sent, because the upstream refused its parameters.',
} as const;

export const ROW_ERROR_CODES = { ...INVALID_CODES, ...FAILED_CODES, ...SKIPPED_CODES } as const;

/** All codes. The list is closed. */
export const ROW_CODES = Object.keys(ROW_ERROR_CODES) as RowErrorCode[];

/** Codes of rows that can be run again: rows that were sent, or would have been. */
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
