import { costOf, type JobDescription, type Reused } from '@linkhaul/jobs';
import { endpointOf, isPaged } from '@linkhaul/schemas';
import type { Services } from '../services.js';

/** Counts what a call did not need to buy. */
export async function countReuse(
  { rows, items, whole }: Reused,
  { endpoint: name, upstreamHost }: JobDescription,
  { prices, metrics, env }: Pick<Services, 'prices' | 'metrics' | 'env'>,
): Promise<void> {
  const endpoint = endpointOf(name);
  const pages = isPaged(endpoint) ? Math.ceil(items / endpoint.maxLimit) : 1;
  // A call that is still sent pays its fee anyway. A call that is not sent saves the fee too; an empty one costs one item.
  const volume = whole ? { calls: Math.max(1, pages), items: Math.max(1, items) } : { calls: 0, items };
  const saved = costOf(await prices.expected(upstreamHost, name, env.prices), volume);
  metrics.reused({ endpoint: name, rows, saved });
}
