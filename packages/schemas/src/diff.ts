import { z } from 'zod';
import { endpointName } from './endpoints/index.js';

export const CHANGES = ['new', 'lost', 'changed', 'same', 'unknown', 'removed'] as const;

/** The fields that were compared, by their path with dots. */
const values = z.record(z.string(), z.unknown());

/** What became of one target, or of one item of a target, between two runs of a tag. */
export const change = z.object({
  /** `target`, and for lists `page`, `url` or `domain`; that is null where the line is of the whole row. */
  key: z.record(z.string(), z.string().nullable()),
  change: z.enum(CHANGES),
  before: values.nullable(),
  after: values.nullable(),
  /** `after` less `before`, of the numbers that differ. */
  delta: z.record(z.string(), z.number()).nullable(),
});

/** Comes before the changes: `GET /v1/tags/:tag/diff`. */
export const diffSummary = z.object({
  tag: z.string(),
  endpoint: endpointName,
  base_job: z.string(),
  job: z.string(),
  fields: z.array(z.string()),
  counts: z.record(z.enum(CHANGES), z.int()),
});

export type Change = z.infer<typeof change>;
export type DiffSummary = z.infer<typeof diffSummary>;
