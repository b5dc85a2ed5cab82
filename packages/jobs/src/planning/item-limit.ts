/** The most calls that a job may lead to: the ledger has one bit for each. */
export const MOST_CALLS = 100_000_000;

/**
 * The most items that a job buys for each target. Without a limit of its own it is what the ledger has room for:
 * 100,000,000 calls for one target, 100 each for a million targets.
 */
export function itemLimit(maxItems: number | null, job: { roots: number; maxLimit: number }): number {
  return maxItems ?? Math.max(1, Math.floor(MOST_CALLS / Math.max(1, job.roots))) * job.maxLimit;
}
