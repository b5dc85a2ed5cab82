import type { AccountSettings } from './account.js';
import { CODES } from './codes.js';
import { createRollingWindow } from './rolling-window.js';

const MINUTE_MS = 60_000;
const IN_FLIGHT_RETRY_MS = 1_000;

/** The account's limits, judged as a request arrives. A refused request takes no place. */
export interface Limits {
  /** Null lets the request in: `leave` must follow when it is answered. Otherwise the code that refuses it. */
  enter(): number | null;
  leave(): void;
  /** How many more requests would be let in within this minute. */
  remaining(): number;
  /** When it is worth asking again after that refusal. */
  retryAfterMs(code: number): number;
  /** The look-up of past calls has a limit of its own besides. */
  enterIdList(): number | null;
  clear(): void;
}

export function createLimits(settings: AccountSettings, now: () => number): Limits {
  const requests = createRollingWindow(MINUTE_MS);
  const idLists = createRollingWindow(MINUTE_MS);
  let inFlight = 0;
  return {
    enter: () => {
      const at = now();
      if (requests.count(at) >= settings.max_per_minute) return CODES.rateLimit;
      if (inFlight >= settings.max_in_flight) return CODES.inFlightLimit;
      requests.add(at);
      inFlight++;
      return null;
    },
    leave: () => {
      inFlight--;
    },
    remaining: () => Math.max(0, settings.max_per_minute - requests.count(now())),
    retryAfterMs: (code) =>
      code === CODES.rateLimit ? requests.untilBelow(settings.max_per_minute, now()) : IN_FLIGHT_RETRY_MS,
    enterIdList: () => {
      const at = now();
      if (idLists.count(at) >= settings.id_list_per_minute) return CODES.rateLimit;
      idLists.add(at);
      return null;
    },
    clear: () => {
      requests.clear();
      idLists.clear();
    },
  };
}
