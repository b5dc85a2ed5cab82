import type { WatchPeriod } from '@linkhaul/schemas';
import { CONSTANTS } from '../redis/constants.js';
import { monthOf } from '../tenant/tenants.js';

/** 1970-01-01 was a Thursday, and weeks begin on Mondays. */
const DAYS_BEFORE_THE_FIRST = 3;

/** A period of a watch's budget as its money is counted, as in tenant/money.lua. */
export function periodAt(period: WatchPeriod, ms: number): string {
  const day = Math.floor(ms / CONSTANTS.DAY_MS);
  if (period === 'month') return `m${monthOf(ms)}`;
  return period === 'week' ? `w${Math.floor((day + DAYS_BEFORE_THE_FIRST) / 7)}` : `d${day}`;
}
