import { z } from 'zod';
import { nextCursor } from './next-cursor.js';

const count = z.int();

const measures = z
  .object({
    calls: count,
    items: count,
    spent_usd: z.number(),
    wasted_usd: z.number(),
    unconfirmed_usd: z.number(),
  })
  .meta({ id: 'UsageSums' });

export const usagePage = z
  .object({
    usage: z
      .array(measures.catchall(z.union([z.string(), z.number(), z.null()])))
      .describe('Each line has the fields of its group, and its sums.'),
    total: measures.describe('Over all groups, not only those of the page.'),
    next_cursor: nextCursor,
  })
  .meta({ id: 'UsagePage', description: 'What was bought, by day of the call.' });

export type UsagePage = z.infer<typeof usagePage>;
