/** Calls that a job may come to: the ledger has a bit for each. */
export const MOST_CALLS = 100_000_000;

/**
 * The most items that a job buys of each target. Without a limit of its own it is what the ledger has room for: of one
 * target 100,000,000 calls, of a million targets 100 each.
 */
export function itemLimit(maxItems: number | null, job: { roots: number; maxLimit: number }): number {
  return maxItems ?? Math.max(1, Math.floor(MOST_CALLS / Math.max(1, job.roots))) * job.maxLimit;
}
