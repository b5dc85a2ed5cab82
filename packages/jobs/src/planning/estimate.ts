import type { Endpoint, Nanos } from '@linkhaul/schemas';
import { planCalls } from './calls.js';
import { costOf, type Prices } from './prices.js';

/**
 * What a job will cost. Exact for bulk endpoints, whose every target is an item. A list's length is not known before
 * it is bought: counted are one call a target and the most items that the job allows on it, at most one full page.
 */
export function estimateCost(
  job: { endpoint: Endpoint; targets: readonly string[]; maxItemsPerTarget: number },
  prices: Prices,
): Nanos {
  const { endpoint, targets, maxItemsPerTarget } = job;
  if (endpoint.kind === 'bulk') {
    return costOf(prices, { calls: planCalls(endpoint, targets).length, items: targets.length });
  }
  const calls = Math.ceil(maxItemsPerTarget / endpoint.maxLimit) * targets.length;
  return costOf(prices, { calls, items: maxItemsPerTarget * targets.length });
}
