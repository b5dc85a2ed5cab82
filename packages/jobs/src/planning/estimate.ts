import type { Endpoint, Nanos } from '@linkhaul/schemas';
import { planCalls } from './calls.js';
import { costOf, highestCost, type Prices } from './prices.js';

/** What a job will come to. */
export interface Estimate {
  /** Of a list those that are surely made: a page a target. */
  readonly calls: number;
  readonly low: Nanos;
  /** Null where nothing limits the items of a target. */
  readonly high: Nanos | null;
  /** A budget below it buys nothing. */
  readonly cheapestCall: Nanos;
}

interface EstimatedJob {
  readonly endpoint: Endpoint;
  /** Distinct. */
  readonly targets: readonly string[];
  readonly maxItemsPerTarget: number | null;
}

/**
 * Exact for bulk endpoints, whose every target is an item. A list's length is not known before it is bought: at least an
 * item a target, for an empty list is charged as one, and at most what the job allows on each, with the pages that it
 * fills. No more than can be counted exactly, whatever a user allows.
 */
export async function estimateJob(job: EstimatedJob, prices: Prices): Promise<Estimate> {
  const { endpoint, targets, maxItemsPerTarget } = job;
  if (endpoint.kind === 'bulk') {
    const calls = await planCalls(endpoint, targets);
    const cost = costOf(prices, { calls: calls.length, items: targets.length });
    let smallest = endpoint.maxTargets;
    for (let call = 0; call < calls.length; call++) smallest = Math.min(smallest, calls.positions(call).length);
    return { calls: calls.length, low: cost, high: cost, cheapestCall: highestCost(prices, smallest) };
  }
  const one = highestCost(prices, 1);
  const low = countable(one * targets.length);
  if (maxItemsPerTarget === null) return { calls: targets.length, low, high: null, cheapestCall: one };
  const calls = Math.ceil(maxItemsPerTarget / endpoint.maxLimit) * targets.length;
  const high = countable(costOf(prices, { calls, items: maxItemsPerTarget * targets.length }));
  return { calls: targets.length, low, high, cheapestCall: one };
}

function countable(cost: Nanos): Nanos {
  return Math.min(Number.MAX_SAFE_INTEGER, cost);
}
