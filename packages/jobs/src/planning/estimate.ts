import type { Endpoint, Nanos } from '@linkhaul/schemas';
import { countCalls } from './count-calls.js';
import { costOf, type Prices } from './prices.js';

/** What is bought: how many distinct targets, and how many of them each registrable domain has, in any order. */
interface JobVolume {
  readonly endpoint: Endpoint;
  readonly targets: number;
  /** Gone through once, and only where the endpoint has a cap on domains. */
  readonly domainSizes: Iterable<number>;
  readonly maxItemsPerTarget: number;
}

/**
 * What a job will cost. Exact for bulk endpoints, whose every target is an item, unless targets have one match key (a
 * host and its root page): these never share a call, which may take some more calls than are counted here. A list's
 * length is not known before it is bought: counted are the most items that the job allows on each target, and the pages
 * that they fill. No more than can be counted exactly, whatever a user allows.
 */
export async function estimateCost(job: JobVolume, prices: Prices): Promise<Nanos> {
  const { endpoint, targets, domainSizes, maxItemsPerTarget } = job;
  if (endpoint.kind === 'bulk') {
    const { maxTargets, maxDomains } = endpoint;
    const calls =
      maxDomains === null
        ? Math.ceil(targets / maxTargets)
        : await countCalls(domainSizes, { targets: maxTargets, domains: maxDomains });
    return costOf(prices, { calls, items: targets });
  }
  const calls = Math.ceil(maxItemsPerTarget / endpoint.maxLimit) * targets;
  return Math.min(Number.MAX_SAFE_INTEGER, costOf(prices, { calls, items: maxItemsPerTarget * targets }));
}
