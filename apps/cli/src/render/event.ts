import { isTagged } from '@linkhaul/schemas';
import { z } from 'zod';
import { formatCount, formatUsd } from './figures.js';
import { printable } from './printable.js';

/** The fields of an event that are shown. Other versions of the service may send others. */
const event = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.object({
    job: z
      .object({
        id: z.string(),
        tag: z.string(),
        outcome: z.string().nullable(),
        reason: z.string().nullable(),
        rows: z.object({ total: z.number(), ok: z.number(), failed: z.number() }),
        cost: z.object({ spent_usd: z.number() }),
      })
      .optional(),
  }),
});

/** One line for an event: time, type, job, rows and cost. */
export function eventLine(id: string, payload: unknown, again: boolean): string {
  const parsed = event.safeParse(payload);
  const parts = parsed.success ? partsOf(parsed.data) : ['event of another form', JSON.stringify(payload)];
  return [...parts, id, ...(again ? ['(again)'] : [])].map(printable).join('  ');
}

function partsOf({ type, timestamp, data: { job } }: z.output<typeof event>): string[] {
  if (job === undefined) return [timestamp, type];
  const { rows, cost, outcome, reason } = job;
  const quality = outcome ?? reason;
  return [
    timestamp,
    type,
    job.id,
    ...(isTagged(job) ? [`tag ${job.tag}`] : []),
    ...(quality === null ? [] : [quality]),
    `${formatCount(rows.ok)} of ${formatCount(rows.total)} rows ok, ${formatCount(rows.failed)} failed`,
    formatUsd(cost.spent_usd),
  ];
}
