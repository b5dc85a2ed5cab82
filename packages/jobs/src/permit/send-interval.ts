import { CONSTANTS } from '../redis/constants.js';

/** The largest difference between reserved send time and arrival at the upstream that is allowed for. */
const JITTER_MS = 1000;

/**
 * Milliseconds between two sends so that any rolling minute at the upstream holds at most N arrivals: a window W holds
 * at most floor((W + burst + jitter) / T) + 1 of them, so T = (60000 + burst + jitter) / (N - 1).
 */
export function sendInterval(maxPerMinute: number): number {
  return (60_000 + CONSTANTS.BURST_MS + JITTER_MS) / Math.max(1, maxPerMinute - 1);
}
