/**
 * Attempts of a call that may fail, answered badly or not at all, before its rows do. As many that could not even be
 * sent pause the account's jobs instead.
 */
export const MAX_FAILURES = 5;
