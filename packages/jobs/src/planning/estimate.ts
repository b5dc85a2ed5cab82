import type { BulkEndpoint, Endpoint, ListEndpoint, Nanos } from '@linkhaul/schemas';
import { type CountedCalls, countCalls } from './count-calls.js';
import { costOf, highestCost, type Prices } from './prices.js';

/** What a job will come to. */
export interface Estimate {
  /** Of a list those that are surely made: a page a target. */
  readonly calls: number;
  /** Null where nothing limits the items of a target. */
  readonly mostCalls: number | null;
  readonly low: Nanos;
  /** Null where nothing limits the items of a target. */
  readonly high: Nanos | null;
  /** A budget below it buys nothing. */
  readonly cheapestCall: Nanos;
}

interface EstimatedJob {
  readonly endpoint: Endpoint;
  /** Distinct ones. */
  readonly targets: number;
  /** The most targets that have one match key. */
  readonly mostWithOneKey: number;
  /**
   * How many targets each layer of each registrable domain has, in any order: where no match key comes twice a domain is one
   * layer. Gone through once, and only where the endpoint has a cap on domains.
   */
  readonly layerSizes: Iterable<number>;
  readonly maxItemsPerTarget: number | null;
}

/**
 * Exact for bulk endpoints, whose every target is an item, unless match keys come twice and the endpoint counts domains:
 * layers of one domain are then counted as if they could share a call, which comes to some calls less than are made, or
 * more, at most about as many as one domain has layers. A list's length is not known before it is bought: at least an
 * item a target, for an empty list is charged as one, and at most what the job allows on each, with the pages that it
 * fills. No more than can be counted exactly, whatever a user allows.
 */
export async function estimateJob(job: EstimatedJob, prices: Prices): Promise<Estimate> {
  const { endpoint, targets, maxItemsPerTarget } = job;
  if (endpoint.kind === 'list') {
    const unknown = { rows: targets, least: 1, most: maxItemsPerTarget };
    return { ...estimateLists([unknown], { endpoint, prices }), cheapestCall: highestCost(prices, 1) };
  }
  const { calls, smallest } = await bulkCalls(endpoint, job);
  const cost = costOf(prices, { calls, items: targets });
  return { calls, mostCalls: calls, low: cost, high: cost, cheapestCall: highestCost(prices, smallest) };
}

async function bulkCalls({ maxTargets, maxDomains }: BulkEndpoint, job: EstimatedJob): Promise<CountedCalls> {
  const { targets, mostWithOneKey, layerSizes } = job;
  // Without a valid target nothing is bought: then a budget need only not be absurd.
  if (targets === 0) return { calls: 0, smallest: 0 };
  const counted =
    maxDomains === null
      ? countFull(targets, maxTargets)
      : await countCalls(layerSizes, { targets: maxTargets, domains: maxDomains });
  if (mostWithOneKey <= 1) return counted;
  // How small the smallest is depends on which targets these are; nothing may be refused that one call can be bought for.
  return { calls: Math.max(counted.calls, mostWithOneKey), smallest: 1 };
}

/** Every call but the last is full. */
function countFull(targets: number, maxTargets: number): CountedCalls {
  return { calls: Math.ceil(targets / maxTargets), smallest: targets % maxTargets || maxTargets };
}

/** A number of lists, and how long each is; `most` is null where it is not known and nothing limits it. */
export interface ListLengths {
  readonly rows: number;
  readonly least: number;
  readonly most: number | null;
}

/** What lists come to, by what is known of their lengths. Every list is bought at least one item of. */
export function estimateLists(
  lists: Iterable<ListLengths>,
  { endpoint, prices }: { endpoint: ListEndpoint; prices: Prices },
): Omit<Estimate, 'cheapestCall'> {
  let [calls, low] = [0, 0];
  let [mostCalls, high]: [number | null, Nanos | null] = [0, 0];
  for (const { rows, least, most } of lists) {
    const shortest = listVolume(least, endpoint);
    calls += rows * shortest.calls;
    low += rows * costOf(prices, shortest);
    const longest = most === null ? null : listVolume(most, endpoint);
    mostCalls = longest === null || mostCalls === null ? null : mostCalls + rows * longest.calls;
    high = longest === null || high === null ? null : high + rows * costOf(prices, longest);
  }
  return { calls, mostCalls, low: countable(low), high: high === null ? null : countable(high) };
}

function listVolume(items: number, { maxLimit }: ListEndpoint): { calls: number; items: number } {
  const bought = Math.max(1, items);
  return { calls: Math.ceil(bought / maxLimit), items: bought };
}

function countable(cost: Nanos): Nanos {
  return Math.min(Number.MAX_SAFE_INTEGER, cost);
}
