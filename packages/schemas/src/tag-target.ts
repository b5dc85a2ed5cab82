import { z } from 'zod';
import { endpointName } from './endpoints/index.js';
import { nextCursor } from './next-cursor.js';
import { rowStatus } from './rows.js';

/** `GET /v1/tags/:tag/targets`. */
export const tagTarget = z
  .object({
    tag: z.string(),
    endpoint: endpointName,
    target: z.string().describe('In the normal form in which it is sent.'),
    fields: z
      .array(z.object({ name: z.string(), type: z.enum(['integer', 'number']) }))
      .describe("The numbers of the endpoint's items, by the names of CSV columns; none for list endpoints."),
    runs: z.array(
      z.object({
        job: z.string(),
        created_at: z.iso.datetime(),
        finished_at: z.iso.datetime().nullable(),
        line: z.int().nullable().describe('The line of the first row that asks for it; null if the job does not.'),
        status: rowStatus.nullable(),
        items: z.int().nullable(),
        total_count: z.int().nullable(),
        values: z.record(z.string(), z.number().nullable()).nullable().describe('Null if there is no item.'),
      }),
    ),
    next_cursor: nextCursor,
  })
  .meta({
    id: 'TagTarget',
    description:
      'A target in the jobs of a tag, the newest first. A page may be short while `next_cursor` is not null.',
  });

export type TagTarget = z.infer<typeof tagTarget>;
