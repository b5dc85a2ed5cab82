/** Attempts of a call that may fail, answered badly or not at all, before its rows do. Those that were never sent are not counted. */
export const MAX_FAILURES = 5;

/** Workers that a call may lose. Deploys and machines that go down kill some; a call that kills each one must come to rest. */
export const MAX_DEATHS = 20;
