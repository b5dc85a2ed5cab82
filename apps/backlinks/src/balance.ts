import { type Nanos, nanosOf } from '@linkhaul/schemas';
import { CODES } from '@linkhaul/schemas/vendor';
import type { AccountSettings } from './account.js';
import { createTally, sumOf, type Tally } from './tally.js';

/** The account's money in nanos. What is left is the amount that was set less every charge, to the last digit. */
export interface Balance {
  /**
   * Reserves a call's least price, so that concurrent calls cannot all count on the same money. A call may cost more than its least
   * price; then the balance falls below zero.
   */
  hold(least: Nanos): Hold;
  /** Counts a call that costs nothing. */
  note(path: string): void;
  left(): Nanos;
  /** The cost of calls since the start, or since the balance was set. */
  spent(): Nanos;
  readonly day: Tally;
  readonly minute: Tally;
  /** Call it when the balance was set: earlier spending does not count against the new balance. */
  set(): void;
  clear(): void;
}

export interface Hold {
  /** The code that refuses the call. Then nothing is reserved. */
  readonly refused: number | null;
  /** Releases the reservation and charges what the call cost. A path is such as `backlinks/bulk_backlinks`. */
  end(path: string, nanos: Nanos): void;
}

export function createBalance(settings: AccountSettings, now: () => number): Balance {
  const day = createTally('day', now);
  const minute = createTally('minute', now);
  let start = nanosOf(settings.balance_usd);
  let spent = 0;
  let reserved = 0;
  let clearings = 0;
  const set = () => {
    start = nanosOf(settings.balance_usd);
    spent = 0;
  };
  const tally = (path: string, nanos: Nanos) => {
    day.add(path, nanos);
    minute.add(path, nanos);
  };
  const refusalOf = (least: Nanos) => {
    const limit = settings.cost_limit_usd;
    if (limit !== null && sumOf(day.read().nanos) + reserved + least > nanosOf(limit)) return CODES.costLimit;
    return start - spent - reserved < least ? CODES.funds : null;
  };
  return {
    hold: (least) => {
      const refused = refusalOf(least);
      const aside = refused === null ? least : 0;
      const since = clearings;
      reserved += aside;
      const end = (path: string, nanos: Nanos) => {
        if (since !== clearings) return;
        reserved -= aside;
        spent += nanos;
        tally(path, nanos);
      };
      return { refused, end };
    },
    note: (path) => tally(path, 0),
    left: () => start - spent,
    spent: () => spent,
    day,
    minute,
    set,
    clear: () => {
      set();
      reserved = 0;
      clearings++;
      day.clear();
      minute.clear();
    },
  };
}
