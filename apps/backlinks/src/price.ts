import { type Nanos, nanosOf } from '@linkhaul/schemas';

/** US dollars. */
export const CALL_USD = 0.024;
export const ROW_USD = 0.000036;

export const CALL_NANOS = nanosOf(CALL_USD);
const ROW_NANOS = nanosOf(ROW_USD);

/** What an executed task costs. One without any item is billed as one row. */
export function priceOf(items: number): Nanos {
  return CALL_NANOS + ROW_NANOS * Math.max(1, items);
}
