import { z } from 'zod';
import { latencySetting } from './latency.js';
import { priceSet } from './price.js';

/** Below this, US dollars and whole nano-dollars turn into each other without loss. */
const MAX_USD = 4_000_000;

/** What `/__control/settings` may change while the process runs. */
const accountSettings = z.strictObject({
  latency_ms: latencySetting,
  /** Calls that have come are answered when this is false again. */
  hold: z.boolean(),
  max_per_minute: z.int().min(0),
  max_in_flight: z.int().min(0),
  id_list_per_minute: z.int().min(0),
  balance_usd: z.number().min(0).max(MAX_USD),
  /** The most that a day (UTC) may cost; null for no cap. */
  cost_limit_usd: z.number().min(0).max(MAX_USD).nullable(),
  /** What a call meets that the balance cannot pay: the upstream's practice is not known. */
  funds_http_status: z.literal([200, 402]),
  price: priceSet,
  /** Whether answers bear X-RateLimit-Limit and X-RateLimit-Remaining. */
  rate_headers: z.boolean(),
  /** How long a `search_after_token` can be used; null for always. How long the upstream's can is not known. */
  search_after_token_ms: z.int().min(0).nullable(),
  /** How many requests the record keeps; its totals count all. */
  record_kept: z.int().min(0).max(1_000_000),
});

export type AccountSettings = z.infer<typeof accountSettings>;

export const accountChanges = accountSettings.partial();
export type AccountChanges = z.infer<typeof accountChanges>;

/** What holds where nothing else is said. */
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
