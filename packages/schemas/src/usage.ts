import { z } from 'zod';

const count = z.int();

const measures = z.object({
  calls: count,
  items: count,
  spent_usd: z.number(),
  wasted_usd: z.number(),
  unconfirmed_usd: z.number(),
});

/** What was bought, by day of the call: `GET /v1/usage`. Each line has its group's fields beside its sums. */
export const usagePage = z.object({
  usage: z.array(measures.catchall(z.union([z.string(), z.number(), z.null()]))),
  /** Over all groups, not those of the page alone. */
  total: measures,
  next_cursor: z.string().nullable(),
});

export type UsagePage = z.infer<typeof usagePage>;
