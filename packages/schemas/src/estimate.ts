import { z } from 'zod';
import { binding } from './capacity.js';
import { inputReport } from './input-report.js';

const count = z.int().min(0);
const usd = z.number().min(0);
const ms = z.number().min(0).nullable();

export const estimate = z
  .object({
    rows: count.describe('All that were given; `invalid` and `duplicates` are among them.'),
    invalid: count,
    duplicates: count,
    calls: z.object({
      planned: count.describe('Of a list endpoint those that are surely made.'),
      in_input_order: count.describe('Without packing, and with every duplicate asked about.'),
    }),
    cost_usd: z.object({ low: usd, high: usd.nullable() }).describe('`high` is null where nothing limits it.'),
    saved_usd: usd.describe('What packing and buying each target once save.'),
    saved_by_reuse_usd: usd.describe('What stored answers save: `max_age`. Of lists at least that.'),
    duration_ms: z
      .object({ low: ms, high: ms })
      .describe('Null where no worker has said what its account may do, or none lives.'),
    bound_by: binding.nullable(),
    balance_usd: z.number().nullable().describe("Of the upstream's account: for the admin."),
    input: inputReport.optional(),
    probe: z
      .object({ job: z.string(), rows: count, spent_usd: usd })
      .optional()
      .describe(
        "With `probe=1`: the job that bought an item a target, and the rows whose lists' sizes it has learnt so far.",
      ),
  })
  .meta({ id: 'Estimate', description: 'What a list would come to as a job.' });

export type EstimateView = z.infer<typeof estimate>;
