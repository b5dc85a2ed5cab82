import type { Endpoint, Nanos } from '@linkhaul/schemas';
import { planCalls } from './calls.js';
import { costOf, type Prices } from './prices.js';

/**
 * What a job will cost. Exact for bulk endpoints, whose every target is an item. A list's length is not known before
 * it is bought: counted are the most items that the job allows on each target, and the pages that they fill. No more
 * than can be counted exactly, whatever a user allows.
 */
export async function estimateCost(
  job: { endpoint: Endpoint; targets: readonly string[]; maxItemsPerTarget: number },
  prices: Prices,
): Promise<Nanos> {
  const { endpoint, targets, maxItemsPerTarget } = job;
  if (endpoint.kind === 'bulk') {
    return costOf(prices, { calls: (await planCalls(endpoint, targets)).length, items: targets.length });
  }
  const calls = Math.ceil(maxItemsPerTarget / endpoint.maxLimit) * targets.length;
  return Math.min(Number.MAX_SAFE_INTEGER, costOf(prices, { calls, items: maxItemsPerTarget * targets.length }));
}
