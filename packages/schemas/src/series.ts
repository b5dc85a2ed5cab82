import { z } from 'zod';

const count = z.int().min(0);

/** `GET /v1/jobs/:id/series`. */
export const series = z
  .object({
    job: z.string(),
    ms: count.describe('How long each point is: 1,000 at first, doubled when there would be more than 300 points.'),
    points: z
      .array(
        z.object({
          at: z.iso.datetime().describe('Its beginning.'),
          ms: count,
          calls: count.describe('Calls that were decided.'),
          rows: z
            .object({ ok: z.int(), empty: z.int(), failed: z.int() })
            .describe('Rows that got this outcome, minus rows that lost it because they are run again.'),
          items: count,
          cost_usd: z.number(),
          latency_ms: z
            .object({ mean: z.number(), max: z.number() })
            .nullable()
            .describe('From sending a call to its answer; null if no answer came.'),
        }),
      )
      .describe('The oldest first, at most 300. Times without a change have no point.'),
  })
  .meta({
    id: 'Series',
    description: "A job over time. The sums over all points are the job's rows, items, decided calls and spent money.",
  });

export type SeriesView = z.infer<typeof series>;
