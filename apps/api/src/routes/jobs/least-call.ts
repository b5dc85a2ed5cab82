import { highestCost, type JobRecord } from '@linkhaul/jobs';
import type { Nanos } from '@linkhaul/schemas';
import type { Services } from '../../services.js';

/** The cost of the job's cheapest call, which brings one item, by the prices known so far. */
export async function leastCallOf(
  { description: { upstreamHost, endpoint } }: JobRecord,
  { prices, env }: Pick<Services, 'prices' | 'env'>,
): Promise<Nanos> {
  return highestCost(await prices.expected(upstreamHost, endpoint, env.prices), 1);
}
