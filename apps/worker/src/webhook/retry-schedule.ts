const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits after the first, second, … failed attempt: 27 hours in total, so that a receiver may be down for a day. */
const SCHEDULE_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];
const SPREAD = 0.2;

/** The wait after this number of failed attempts, ±20 %. Null when the schedule has ended. */
export function retryDelayMs(attempts: number): number | null {
  const wait = SCHEDULE_MS[attempts - 1];
  return wait === undefined ? null : Math.round(wait * (1 - SPREAD + Math.random() * 2 * SPREAD));
}
