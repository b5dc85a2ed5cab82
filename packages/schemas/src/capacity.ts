import { z } from 'zod';

/** What keeps the upstream from being asked faster. */
export const binding = z.enum(['upstream_in_flight', 'upstream_rate', 'budget', 'workers']);

const count = z.int().min(0);

/** What the upstream's account may do, and does now, over all workers. */
export const capacity = z.object({
  upstream: z.object({ host: z.string() }),
  limits: z.object({
    requests_per_minute: count,
    in_flight: count,
    /** Fewer than the limit while somebody else shares the login, or an outage is tried out. */
    in_flight_now: count,
  }),
  in_use: z.object({ in_flight: count, last_minute: count }),
  paused: z
    /** `rate`, `in_flight`, `too_many` or `failing`: what the upstream said last. */
    .object({ until: z.iso.datetime(), reason: z.string() })
    .nullable(),
  /** Of late, from the sending to the answer; null before the first answer. */
  latency_ms: z.number().nullable(),
  /** What limits and latency allow. */
  calls_per_second: z.number(),
  bound_by: binding.nullable(),
  /** More workers than `useful_max`, with as many places each, do not make it faster. */
  workers: z.object({ live: count, places: count, useful_max: count }),
  jobs_waiting: count,
  /** The money left at the upstream, as it said last: for admins, and where it says. */
  balance_usd: z.number().nullable(),
});

export type CapacityView = z.infer<typeof capacity>;
