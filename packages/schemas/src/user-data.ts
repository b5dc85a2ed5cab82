import { chargeOf, isObject, numberOf, objectsOf } from './answers/values.js';
import { ENDPOINTS, type EndpointName } from './endpoints/index.js';
import { type ServedOrigin, servedOrigin } from './graph-origin.js';

/** US dollars for a call and for an item, by endpoint. */
export type PublishedPrices = Partial<Record<EndpointName, { readonly call_usd: number; readonly item_usd: number }>>;

/** The account's balance in US dollars, from `result[0]` of `GET /v3/appendix/user_data`. Null if it does not say. */
export function accountBalance(account: unknown): number | null {
  return numberOf(at(account, 'money', 'balance'));
}

/** The prices of our endpoints, as far as the account states them. */
export function publishedPrices(account: unknown): PublishedPrices {
  const prices: PublishedPrices = {};
  for (const { name } of Object.values(ENDPOINTS)) {
    const charges = objectsOf(at(account, 'price', 'backlinks', name, 'live', 'priority_normal'));
    const costOf = (type: string) => chargeOf(charges.find(({ cost_type }) => cost_type === type)?.cost);
    const call = costOf('per_request');
    const item = costOf('per_result');
    if (call !== null && item !== null) prices[name] = { call_usd: call, item_usd: item };
  }
  return prices;
}

/** Where the upstream's data comes from, as the local Backlinks API reports it. Null if the account does not say. */
export function publishedOrigin(account: unknown): ServedOrigin | null {
  return servedOrigin.safeParse(at(account, 'origin')).data ?? null;
}

function at(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce((found, name) => (isObject(found) ? found[name] : undefined), value);
}
