import { highestCost, type JobRecord } from '@linkhaul/jobs';
import type { Nanos } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** What the cheapest call of a job costs, of one item, as far as prices are known. */
export async function leastCallOf(
  { description: { upstreamHost, endpoint } }: JobRecord,
  { prices, env }: Pick<Services, 'prices' | 'env'>,
): Promise<Nanos> {
  return highestCost(await prices.expected(upstreamHost, endpoint, env.prices), 1);
}
