import { endpointName } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { type JobDescription, RETENTION_DAYS } from './description.js';

/** What most descriptions say, and stored ones leave out. To change a value here needs another format. */
const USUAL = {
  params: {},
  metadata: {},
  max_items_per_target: 1000,
  on_invalid: 'skip',
  on_overlap: 'allow',
  start: 'auto',
  target_as: 'given',
  keep_www: false,
  webhook: null,
  rowParts: 1,
  invalidParts: 0,
} as const satisfies Partial<JobDescription>;

const usualTexts: ReadonlyMap<string, string> = new Map(
  Object.entries(USUAL).map(([name, value]) => [name, JSON.stringify(value)]),
);

/** The fields of a job's hash that hold its description. Jobs of format 2 and before have all of it in `doc` as well. */
export const descriptionFields = z.object({
  doc: z.string(),
  endpoint: endpointName.optional(),
  tag: z.string().optional(),
  upstream_host: z.string().optional(),
  retention_days: z.coerce.number().default(RETENTION_DAYS),
  on_budget: z.enum(['pause', 'finish']).optional(),
});

const SAID_ELSEWHERE: ReadonlySet<string> = new Set<keyof JobDescription>([
  'id',
  'tenant',
  'endpoint',
  'tag',
  'upstreamHost',
  'retention_days',
  'on_budget',
]);

/** What neither the other fields say nor the job's key, which has its tenant and id. */
export function docOf(description: JobDescription): string {
  const said = Object.entries(description).filter(
    ([name, value]) => !SAID_ELSEWHERE.has(name) && usualTexts.get(name) !== JSON.stringify(value),
  );
  return JSON.stringify(Object.fromEntries(said));
}

export function descriptionOf(job: JobRef, fields: z.output<typeof descriptionFields>): JobDescription {
  const { doc, upstream_host: upstreamHost, ...own } = fields;
  return { ...USUAL, ...own, upstreamHost, ...JSON.parse(doc), ...job };
}
