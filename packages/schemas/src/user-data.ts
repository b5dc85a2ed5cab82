import { z } from 'zod';
import { ENDPOINTS, type EndpointName } from './endpoints/index.js';
import { upstreamUsd } from './envelope.js';

const costs = z.array(z.looseObject({ cost_type: z.string().nullable(), cost: upstreamUsd.nullable() }).nullable());

const livePrices = z.looseObject({ live: z.looseObject({ priority_normal: costs.nullable() }).nullable() });

/** `result[0]` of `GET /v3/appendix/user_data`: the account. Of all that it holds, its money and what it is charged. */
export const upstreamAccount = z.looseObject({
  /** US dollars. */
  money: z.looseObject({ balance: z.number().nullable().optional() }).nullable().optional(),
  price: z
    .looseObject({ backlinks: z.record(z.string(), z.unknown()).nullable().optional() })
    .nullable()
    .optional(),
});

type UpstreamAccount = z.infer<typeof upstreamAccount>;

/** US dollars a call and an item, by endpoint. */
export type PublishedPrices = Partial<Record<EndpointName, { readonly call_usd: number; readonly item_usd: number }>>;

/** The prices of our endpoints, as far as the account says them. */
export function publishedPrices({ price }: UpstreamAccount): PublishedPrices {
  const prices: PublishedPrices = {};
  for (const [name, endpoint] of Object.entries(ENDPOINTS)) {
    const said = livePrices.safeParse(price?.backlinks?.[name]).data?.live?.priority_normal ?? [];
    const costOf = (type: string) => said.find((cost) => cost?.cost_type === type)?.cost;
    const call = costOf('per_request');
    const item = costOf('per_result');
    if (typeof call === 'number' && typeof item === 'number')
      prices[endpoint.name] = { call_usd: call, item_usd: item };
  }
  return prices;
}
