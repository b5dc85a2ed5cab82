import { change, type WatchEvent } from '@linkhaul/schemas';
import { z } from 'zod';
import { runView } from './run-view.js';
import { keptRun } from './watch-doc.js';

const total = z.object({ before: z.number(), after: z.number() });

/** The data of a watch's event, as it is stored. The event of a skipped tick has no comparison. */
export const watchEventData = z.object({
  run: keptRun,
  tag: z.string().default(''),
  endpoint: z.string().default(''),
  base: z.string().nullable().default(null),
  field: z.string().default(''),
  totals: z.record(z.string(), total).nullable().default(null),
  largest: z.array(change).default([]),
  alerts: z
    .array(
      z.object({
        rule: z.record(z.string(), z.unknown()),
        count: z.number(),
        examples: z.array(change),
        total: total.nullable(),
      }),
    )
    .default([]),
});

export type WatchEventData = z.infer<typeof watchEventData>;

/** The data of an event as webhooks and `GET /v1/events` show it. */
export function watchEventView(watch: string, data: WatchEventData): WatchEvent['data'] {
  const { run, tag, endpoint, base, field, totals, largest, alerts } = data;
  const { job } = run;
  const between = `endpoint=${endpoint}&base_job=${base}&job=${job}`;
  return {
    watch,
    run: runView(run),
    base_job: base,
    ...{ field, totals, largest, alerts },
    links: {
      watch: `/v1/watches/${watch}`,
      job: job === undefined ? null : `/v1/jobs/${job}`,
      results: job === undefined ? null : `/v1/jobs/${job}/results`,
      diff: base === null || job === undefined ? null : `/v1/tags/${encodeURIComponent(tag)}/diff?${between}`,
    },
  };
}
