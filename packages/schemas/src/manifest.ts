import { z } from 'zod';

/** What a loader checks its copy of a finished job's results against: `GET /v1/jobs/:id/manifest`. */
export const manifest = z.object({
  job: z.string(),
  run: z.int(),
  /** NDJSON, gzipped, in the order of the results; paths are relative to the storage's root. */
  files: z.array(z.object({ path: z.string(), rows: z.int(), bytes: z.int(), sha256: z.string() })),
  /** Lines of all files. */
  rows: z.int(),
  items: z.int(),
  schema_version: z.int(),
  params: z.record(z.string(), z.unknown()),
  cost: z.object({ spent_usd: z.number(), unconfirmed_usd: z.number(), wasted_usd: z.number() }),
  simulated: z.boolean(),
});

export type Manifest = z.infer<typeof manifest>;
