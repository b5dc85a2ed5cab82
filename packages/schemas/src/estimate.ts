import { z } from 'zod';
import { binding } from './capacity.js';
import { inputReport } from './input-report.js';

const count = z.int().min(0);
const usd = z.number().min(0);
const ms = z.number().min(0).nullable();

export const estimate = z
  .object({
    rows: count.describe('All rows of the list, including `invalid` and `duplicates`.'),
    invalid: count,
    duplicates: count,
    calls: z.object({
      planned: count.describe('For a list endpoint, the calls that are certainly made.'),
      in_input_order: count.describe('Without packing, and if every duplicate were bought.'),
    }),
    cost_usd: z.object({ low: usd, high: usd.nullable() }).describe('`high` is null if nothing limits it.'),
    saved_usd: usd.describe('What packing and buying each target once save.'),
    saved_by_reuse_usd: usd.describe('What stored answers save (`max_age`); for lists, at least that.'),
    duration_ms: z
      .object({ low: ms, high: ms })
      .describe('Null if no worker is alive, or none has announced the limits of its account.'),
    bound_by: binding.nullable(),
    balance_usd: z.number().nullable().describe("For admins: the balance of the upstream's account."),
    input: inputReport.optional(),
    probe: z
      .object({ job: z.string(), rows: count, spent_usd: usd })
      .optional()
      .describe(
        'With `probe=1`: the job that bought one item per target, and for how many rows the length of the list is known by now.',
      ),
  })
  .meta({ id: 'Estimate', description: 'What a job with this list would cost, and how long it would take.' });

export type EstimateView = z.infer<typeof estimate>;
