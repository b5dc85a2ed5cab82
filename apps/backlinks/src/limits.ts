import { CODES } from '@linkhaul/schemas/vendor';
import type { AccountSettings } from './account.js';
import { createRollingWindow } from './rolling-window.js';

const MINUTE_MS = 60_000;
const IN_FLIGHT_RETRY_MS = 1_000;

/** The limits of the account, checked when a request arrives. Refused requests do not count. */
export interface Limits {
  /**
   * Returns null if the request is admitted; call `leave` when it is answered. Otherwise returns the code of the
   * refusal.
   */
  enter(): number | null;
  leave(): void;
  /** How many more requests this minute allows. */
  remaining(): number;
  /** How long to wait after a refusal with this code. */
  retryAfterMs(code: number): number;
  /** `id_list` has a second limit. */
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
