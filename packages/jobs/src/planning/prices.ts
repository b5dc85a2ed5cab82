import type { Nanos } from '@linkhaul/schemas';

/** What the upstream charges: a fee per call, and a price per item. */
export interface Prices {
  readonly call: Nanos;
  readonly item: Nanos;
}

/** The most that a call can cost. An answer without items is charged as one. */
export function highestCost(prices: Prices, mostItems: number): Nanos {
  return prices.call + prices.item * Math.max(1, mostItems);
}

/** The cost of a number of calls with a number of items in all. */
export function costOf(prices: Prices, volume: { calls: number; items: number }): Nanos {
  return prices.call * volume.calls + prices.item * volume.items;
}

/**
 * The prices, scaled to what the last call was charged: fee and item price are assumed to have changed in the same way.
 */
export function scaledPrices(prices: Prices, charge: { items: number; cost: Nanos } | null): Prices {
  const listed = charge === null ? 0 : highestCost(prices, charge.items);
  if (charge === null || listed === 0 || charge.cost === listed) return prices;
  const factor = charge.cost / listed;
  return { call: Math.round(prices.call * factor), item: Math.round(prices.item * factor) };
}
