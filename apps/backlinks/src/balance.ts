import { type Nanos, nanosOf } from '@linkhaul/schemas';
import type { AccountSettings } from './account.js';
import { CODES } from './codes.js';
import { createTally, sumOf, type Tally } from './tally.js';

/** The account's money in nanos: what is left is what was set less every charge, to the last digit. */
export interface Balance {
  /**
   * Null sets a call's least price aside until `charge`, so that calls at once cannot all count on the same money;
   * otherwise the code that refuses it. A call may cost more than its least price: then the balance falls below zero.
   */
  hold(least: Nanos): number | null;
  /** Ends the hold of a call and takes what it cost. A function's path is such as `backlinks/bulk_backlinks`. */
  charge(path: string, held: Nanos, nanos: Nanos): void;
  /** A call that costs nothing. */
  note(path: string): void;
  left(): Nanos;
  /** What calls cost since the start, or since the balance was set. */
  spent(): Nanos;
  readonly day: Tally;
  readonly minute: Tally;
  /** The balance has been set anew: what was spent before does not count against it. */
  set(): void;
  clear(): void;
}

export function createBalance(settings: AccountSettings, now: () => number): Balance {
  const day = createTally('day', now);
  const minute = createTally('minute', now);
  let start = nanosOf(settings.balance_usd);
  let spent = 0;
  let held = 0;
  const set = () => {
    start = nanosOf(settings.balance_usd);
    spent = 0;
  };
  const tally = (path: string, nanos: Nanos) => {
    day.add(path, nanos);
    minute.add(path, nanos);
  };
  return {
    hold: (least) => {
      const limit = settings.cost_limit_usd;
      if (limit !== null && sumOf(day.read().nanos) + held + least > nanosOf(limit)) return CODES.costLimit;
      if (start - spent - held < least) return CODES.funds;
      held += least;
      return null;
    },
    charge: (path, wasHeld, nanos) => {
      held -= wasHeld;
      spent += nanos;
      tally(path, nanos);
    },
    note: (path) => tally(path, 0),
    left: () => start - spent,
    spent: () => spent,
    day,
    minute,
    set,
    clear: () => {
      set();
      day.clear();
      minute.clear();
    },
  };
}
