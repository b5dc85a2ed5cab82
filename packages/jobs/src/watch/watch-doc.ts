import {
  alertRule,
  CHANGES,
  endpointName,
  schedule,
  submission,
  WATCH_PERIODS,
  watchEventName,
} from '@linkhaul/schemas';
import { z } from 'zod';

/** Where the events of a watch go. Whether private addresses are allowed is decided when it is set. */
export const watchTarget = z.object({
  url: z.string(),
  events: z.array(watchEventName).nullable(),
  format: z.enum(['json', 'slack']),
  allowPrivate: z.boolean(),
});

/** A watch as its user has set it. `list`: the rows that it keeps, which lie in storage as those of a job do. */
export const watchDoc = z.object({
  v: z.number(),
  /** Stays the same until the watch is deleted. Another watch under the same name has another id. */
  id: z.string(),
  createdAt: z.number(),
  changedAt: z.number(),
  schedule,
  tag: z.string(),
  maxCost: z.number().nullable(),
  budget: z.object({ nanos: z.number(), period: z.enum(WATCH_PERIODS) }).nullable(),
  retentionDays: z.number(),
  alert: z.array(alertRule).default([]),
  /** Null: the tenant's default webhook. */
  webhook: watchTarget.nullable().default(null),
  endpoint: endpointName,
  params: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.string()),
  max_items_per_target: submission.shape.max_items_per_target,
  max_age: submission.shape.max_age,
  on_budget: submission.shape.on_budget,
  on_invalid: submission.shape.on_invalid,
  target_as: submission.shape.target_as,
  keep_www: submission.shape.keep_www,
  list: z.object({
    id: z.string(),
    valid: z.number(),
    invalid: z.number(),
    duplicates: z.number(),
    mostWithOneKey: z.number(),
    rowParts: z.number(),
    invalidParts: z.number(),
    estimated: z.number(),
  }),
});

/** One tick of a watch, as it is kept after its end. `cost` in nanos. */
export const keptRun = z.object({
  at: z.number(),
  by: z.enum(['schedule', 'user']),
  job: z.string().optional(),
  started_at: z.number().optional(),
  finished_at: z.number().optional(),
  status: z.string().optional(),
  outcome: z.enum(['complete', 'partial', 'none']).optional(),
  cost: z.number().optional(),
  /** The sum of the watch's main field. */
  total: z.number().optional(),
  /** What changed since the last good run. */
  counts: z.record(z.enum(CHANGES), z.number()).optional(),
  /** How many rules held. */
  alerts: z.number().optional(),
  /** Why nothing was run: an earlier run (`beside`, empty without a job) was not finished, or its list could not be stored. */
  skipped: z.enum(['unfinished', 'not_stored']).optional(),
  beside: z.string().optional(),
});

export type WatchDoc = z.infer<typeof watchDoc>;
export type WatchList = WatchDoc['list'];
export type KeptRun = z.infer<typeof keptRun>;
export type WatchTarget = z.infer<typeof watchTarget>;
