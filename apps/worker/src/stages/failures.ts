/** Attempts of a call that may fail, answered badly or not at all, before its rows do. Those that were never sent are not counted. */
export const MAX_FAILURES = 5;
