import { z } from 'zod';

export const manifest = z
  .object({
    job: z.string(),
    run: z.int(),
    files: z
      .array(z.object({ path: z.string(), rows: z.int(), bytes: z.int(), sha256: z.string() }))
      .describe("NDJSON, gzipped, in the order of the results; paths are relative to the storage's root."),
    rows: z.int().describe('Lines of all files.'),
    items: z.int().describe('Items that were bought.'),
    damaged_rows: z.int().describe('Rows with `answer_damaged`: the bytes of an answer about them are broken.'),
    schema_version: z.int(),
    params: z.record(z.string(), z.unknown()),
    cost: z.object({ spent_usd: z.number(), unconfirmed_usd: z.number(), wasted_usd: z.number() }),
    simulated: z.boolean().nullable().describe('Null if no call was answered.'),
  })
  .meta({ id: 'Manifest', description: "What a loader checks its copy of a finished job's results against." });

export type Manifest = z.infer<typeof manifest>;
