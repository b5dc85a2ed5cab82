const FIRST_MS = 1_000;
const CAP_MS = 30_000;

/** Full jitter: a random wait below a bound that doubles with each failure, so that many calls do not retry at the same moment. */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(CAP_MS, FIRST_MS * 2 ** failures);
}
