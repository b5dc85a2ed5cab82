/** Inside, money is whole nano-dollars, so that sums are exact. Outside, it is US dollars. */
export type Nanos = number;

const NANOS_PER_USD = 1_000_000_000;

export function nanosOf(usd: number): Nanos {
  return Math.round(usd * NANOS_PER_USD);
}

export function usdOf(nanos: Nanos): number {
  return nanos / NANOS_PER_USD;
}
