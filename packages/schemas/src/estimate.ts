import { z } from 'zod';
import { binding } from './capacity.js';

const count = z.int().min(0);
const usd = z.number().min(0);
const ms = z.number().min(0).nullable();

/** What a list would come to as a job: `POST /v1/estimates`. */
export const estimate = z.object({
  /** All that were given; `invalid` and `duplicates` are among them. */
  rows: count,
  invalid: count,
  duplicates: count,
  calls: z.object({
    /** Of a list endpoint those that are surely made. */
    planned: count,
    /** Without packing, and with every duplicate asked about. */
    in_input_order: count,
  }),
  /** `high` is null where nothing limits it. */
  cost_usd: z.object({ low: usd, high: usd.nullable() }),
  /** What packing and buying each target once save. */
  saved_usd: usd,
  /** Null where no worker has said what its account may do, or none lives. */
  duration_ms: z.object({ low: ms, high: ms }),
  bound_by: binding.nullable(),
  /** Of the upstream's account: for the admin. */
  balance_usd: z.number().nullable(),
  /** With `probe=1`: the job that bought an item a target, and the rows whose lists' sizes it has learnt so far. */
  probe: z.object({ job: z.string(), rows: count, spent_usd: usd }).optional(),
});

export type EstimateView = z.infer<typeof estimate>;
