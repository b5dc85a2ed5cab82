const FIRST_MS = 1_000;
const CAP_MS = 30_000;

/** Full jitter: anywhere between nothing and a bound that doubles with each failure, so that a fleet does not retry in step. */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(CAP_MS, FIRST_MS * 2 ** failures);
}
