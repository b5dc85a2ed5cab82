import { type Nanos, nanosOf } from '@linkhaul/schemas';
import { z } from 'zod';

/** The upstream's prices, in US dollars, by the time in which they applied. */
export const PRICES = {
  since_2026_07: { call: 0.024, row: 0.000036 },
  before_2026_07: { call: 0.02, row: 0.00003 },
} as const;

export const priceSet = z.enum(['since_2026_07', 'before_2026_07']);
export type PriceSet = z.infer<typeof priceSet>;

/** What an executed task costs. A task without items is billed as one row. */
export function priceOf(items: number, set: PriceSet = 'since_2026_07'): Nanos {
  const { call, row } = PRICES[set];
  return nanosOf(call) + nanosOf(row) * Math.max(1, items);
}
