import type { BulkEndpoint, Endpoint, Nanos } from '@linkhaul/schemas';
import { type CountedCalls, countCalls } from './count-calls.js';
import { costOf, highestCost, type Prices } from './prices.js';

/** What a job is expected to need. */
export interface Estimate {
  /** For list endpoints, the calls that are certainly made: one page per target. */
  readonly calls: number;
  /** Null if nothing limits the items of a target. */
  readonly mostCalls: number | null;
  readonly low: Nanos;
  /** Null if nothing limits the items of a target. */
  readonly high: Nanos | null;
  /** The cost of the cheapest call. A lower budget buys nothing. */
  readonly cheapestCall: Nanos;
}

interface EstimatedJob {
  readonly endpoint: Endpoint;
  readonly params: Readonly<Record<string, unknown>>;
  /** Distinct targets. */
  readonly targets: number;
  /** The most targets with the same match key. */
  readonly mostWithOneKey: number;
  /**
   * How many targets each layer of each registrable domain has, in any order. If no match key comes twice, a domain is
   * one layer. Read once, and only if the endpoint has a cap on domains.
   */
  readonly layerSizes: Iterable<number>;
  readonly maxItemsPerTarget: number | null;
}

/**
 * Exact for bulk endpoints, in which every target is an item, unless match keys come twice and the endpoint counts
 * domains. Then layers of the same domain are counted as if they could share a call, so the estimate may be off by a
 * few calls, at most about the number of layers of one domain. The length of a list is unknown before it is bought: at
 * least one item per target, because an empty list is charged as one, and at most what the job allows for each, with
 * the pages that it fills. The result never exceeds what can be counted exactly, whatever a user allows.
 */
export async function estimateJob(job: EstimatedJob, prices: Prices): Promise<Estimate> {
  const { endpoint, targets, maxItemsPerTarget } = job;
  if (endpoint.kind === 'single') {
    const items = endpoint.items(job.params);
    const lists = [{ rows: targets, ...items }];
    return {
      ...estimateLists(lists, { itemsPerCall: items.most, prices }),
      cheapestCall: highestCost(prices, items.most),
    };
  }
  if (endpoint.kind !== 'bulk') {
    const unknown = { rows: targets, least: 1, most: maxItemsPerTarget };
    const lists = estimateLists([unknown], { itemsPerCall: endpoint.maxLimit, prices });
    return { ...lists, cheapestCall: highestCost(prices, 1) };
  }
  const { calls, smallest } = await bulkCalls(endpoint, job);
  const cost = costOf(prices, { calls, items: targets });
  return { calls, mostCalls: calls, low: cost, high: cost, cheapestCall: highestCost(prices, smallest) };
}

async function bulkCalls({ maxTargets, maxDomains }: BulkEndpoint, job: EstimatedJob): Promise<CountedCalls> {
  const { targets, mostWithOneKey, layerSizes } = job;
  // Without a valid target nothing is bought, so any sensible budget is enough.
  if (targets === 0) return { calls: 0, smallest: 0 };
  const counted =
    maxDomains === null
      ? countFull(targets, maxTargets)
      : await countCalls(layerSizes, { targets: maxTargets, domains: maxDomains });
  if (mostWithOneKey <= 1) return counted;
  // How small the smallest call is depends on the targets. A budget that pays for any one call must not be refused, so
  // 1 is assumed.
  return { calls: Math.max(counted.calls, mostWithOneKey), smallest: 1 };
}

/** Every call but the last is full. */
function countFull(targets: number, maxTargets: number): CountedCalls {
  return { calls: Math.ceil(targets / maxTargets), smallest: targets % maxTargets || maxTargets };
}

/** How many lists there are, and how long each is. `most` is null if that is unknown and unlimited. */
export interface ListLengths {
  readonly rows: number;
  readonly least: number;
  readonly most: number | null;
}

/** What lists cost, as far as their lengths are known. Of every list at least one item is bought. */
export function estimateLists(
  lists: Iterable<ListLengths>,
  { itemsPerCall, prices }: { itemsPerCall: number; prices: Prices },
): Omit<Estimate, 'cheapestCall'> {
  let [calls, low] = [0, 0];
  let [mostCalls, high]: [number | null, Nanos | null] = [0, 0];
  for (const { rows, least, most } of lists) {
    const shortest = listVolume(least, itemsPerCall);
    calls += rows * shortest.calls;
    low += rows * costOf(prices, shortest);
    const longest = most === null ? null : listVolume(most, itemsPerCall);
    mostCalls = longest === null || mostCalls === null ? null : mostCalls + rows * longest.calls;
    high = longest === null || high === null ? null : high + rows * costOf(prices, longest);
  }
  return { calls, mostCalls, low: countable(low), high: high === null ? null : countable(high) };
}

function listVolume(items: number, itemsPerCall: number): { calls: number; items: number } {
  const bought = Math.max(1, items);
  return { calls: Math.ceil(bought / itemsPerCall), items: bought };
}

function countable(cost: Nanos): Nanos {
  return Math.min(Number.MAX_SAFE_INTEGER, cost);
}
