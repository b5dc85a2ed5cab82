import type { RowEndpoint } from '@linkhaul/schemas';

/** The most calls that a job may lead to: the ledger has one bit for each. */
export const MOST_CALLS = 100_000_000;

/** What a job's user asked for. */
interface AskedItems {
  readonly params: Readonly<Record<string, unknown>>;
  readonly max_items_per_target: number | null;
}

/**
 * The most items that a job buys for each row. If its user sets no limit, it is what the ledger has room for:
 * 100,000,000 calls for one row, 100 each for a million rows.
 */
export function itemLimit(
  endpoint: RowEndpoint,
  { params, max_items_per_target: most }: AskedItems,
  roots: number,
): number {
  if (endpoint.kind === 'single') return endpoint.items(params).most;
  return most ?? Math.max(1, Math.floor(MOST_CALLS / Math.max(1, roots))) * endpoint.maxLimit;
}
