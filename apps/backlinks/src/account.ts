import { z } from 'zod';
import { latencySetting } from './latency.js';
import { priceSet } from './price.js';

/** Below this, US dollars and whole nano-dollars can be converted into each other without loss. */
const MAX_USD = 4_000_000;

/** The settings that `/__control/settings` may change while the process runs. */
const accountSettings = z.strictObject({
  latency_ms: latencySetting,
  /** While this is true, calls wait; when it is false again, they are answered. */
  hold: z.boolean(),
  max_per_minute: z.int().min(0),
  max_in_flight: z.int().min(0),
  id_list_per_minute: z.int().min(0),
  balance_usd: z.number().min(0).max(MAX_USD),
  /** The most that calls may cost per day (UTC); null for no limit. */
  cost_limit_usd: z.number().min(0).max(MAX_USD).nullable(),
  /** The answer to a call that the balance cannot pay for: which one the upstream gives is not known. */
  funds_http_status: z.literal([200, 402]),
  price: priceSet,
  /** Whether answers have X-RateLimit-Limit and X-RateLimit-Remaining. */
  rate_headers: z.boolean(),
  /** How long a `search_after_token` is valid; null if it never expires. How long the upstream's are valid is not known. */
  search_after_token_ms: z.int().min(0).nullable(),
  /** How many requests the record keeps. Its totals count all of them. */
  record_kept: z.int().min(0).max(1_000_000),
});

export type AccountSettings = z.infer<typeof accountSettings>;

export const accountChanges = accountSettings.partial();
export type AccountChanges = z.infer<typeof accountChanges>;

/** The settings at the start, where the environment sets no others. */
export const STARTING_SETTINGS: AccountSettings = {
  latency_ms: 0,
  hold: false,
  max_per_minute: 2000,
  max_in_flight: 30,
  id_list_per_minute: 10,
  balance_usd: 1_000_000,
  cost_limit_usd: null,
  funds_http_status: 200,
  price: 'since_2026_07',
  rate_headers: false,
  search_after_token_ms: null,
  record_kept: 200_000,
};
