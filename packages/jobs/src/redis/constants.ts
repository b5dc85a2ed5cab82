import { OUTAGE_REASONS } from '@linkhaul/schemas';

/** Limits, times and sets that TypeScript and the Lua scripts share: a script that names one has it in its head. */
export const CONSTANTS = {
  DAY_MS: 86_400_000,
  HOUR_MS: 3_600_000,
  /** A week, and the hour in which it ends. */
  PROBLEMS_KEPT_MS: 169 * 3_600_000,
  /** Jobs that a problem names. */
  PROBLEM_EXAMPLES: 5,
  /** Usage, by day, outlives the jobs that it is of. */
  USAGE_KEPT_MS: 800 * 86_400_000,
  /** The weight of a tenant that has none of its own. */
  USUAL_WEIGHT: 1,
  /** A loop that woke late may catch up with its sends by so much. */
  BURST_MS: 100,
  /** A slot that was left unused comes back after each of these. */
  REGROW_MS: 60_000,
  /** Sends are counted in buckets of this length, and kept for this many. */
  SENT_BUCKET_MS: 10_000,
  SENT_BUCKETS: 6,
  /** The upstream counts look-ups of its record by the minute; a second more, as clocks differ. */
  LOOK_UP_WINDOW_MS: 61_000,
  /** Waits of a breaker or an outage double up to this. */
  LONGEST_WAIT_MS: 300_000,
  /** A job's series has this many points at most, of this width at first. */
  MOST_POINTS: 300,
  POINT_MS: 1_000,
  /** Reasons of pauses that end by themselves: when the account can go on, or the tenant's budget pays again. */
  ENDS_ITSELF: ['tenant_budget', ...OUTAGE_REASONS],
} as const;
