import { z } from 'zod';

/** What `/__control/settings` may change while the process runs. */
export const accountSettings = z.strictObject({
  latency_ms: z.int().min(0).max(600_000),
  max_per_minute: z.int().min(0),
  max_in_flight: z.int().min(0),
  id_list_per_minute: z.int().min(0),
  balance_usd: z.number().min(0),
});

export type AccountSettings = z.infer<typeof accountSettings>;

/** Figures that the environment does not name. */
export const ID_LIST_PER_MINUTE = 10;
export const STARTING_BALANCE_USD = 1_000_000;
