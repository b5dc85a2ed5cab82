import { OUTAGE_REASONS } from '@linkhaul/schemas';

/** Limits, times and sets that TypeScript and Lua share. A script that names one gets it in its head. */
export const CONSTANTS = {
  DAY_MS: 86_400_000,
  HOUR_MS: 3_600_000,
  /** A week, and the hour in which it ends. */
  PROBLEMS_KEPT_MS: 169 * 3_600_000,
  /** The most jobs that a problem names. */
  PROBLEM_EXAMPLES: 5,
  /** Daily usage is kept longer than the jobs that caused it. */
  USAGE_KEPT_MS: 800 * 86_400_000,
  /** Money that a tenant has committed in a day or a month is kept as long as costs may be counted for it. */
  COMMITTED_DAY_KEPT_MS: 3 * 86_400_000,
  COMMITTED_MONTH_KEPT_MS: 65 * 86_400_000,
  /** The weight of a tenant that has none of its own. */
  USUAL_WEIGHT: 1,
  /** How far a loop that woke up late may catch up with its sends. */
  BURST_MS: 100,
  /** Slots that are left unused come back one by one, each after this time. */
  REGROW_MS: 60_000,
  /** Sends are counted in buckets of this length, and this many buckets are kept. */
  SENT_BUCKET_MS: 10_000,
  SENT_BUCKETS: 6,
  /** The upstream counts look-ups of its record by the minute. One second more, because clocks differ. */
  LOOK_UP_WINDOW_MS: 61_000,
  /** The waits of a breaker or an outage double up to this. */
  LONGEST_WAIT_MS: 300_000,
  /** The most points of a job's series, and the width of a point at first. */
  MOST_POINTS: 300,
  POINT_MS: 1_000,
  /** Reasons of pauses that end by themselves, when the account can go on, or the tenant or the watch has money again. */
  ENDS_ITSELF: ['tenant_budget', 'watch_budget', ...OUTAGE_REASONS],
} as const;
