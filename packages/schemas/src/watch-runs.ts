import { z } from 'zod';
import { diffSummary } from './diff.js';

/** A watch's name is part of paths, so it is short and plain. */
export const watchName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    'must have 1 to 64 letters, digits, - and _, and begin with a letter or digit',
  )
  .meta({ id: 'WatchName' });

const usd = z.number().min(0);
const time = z.iso.datetime();

export const watchRun = z
  .object({
    at: time.describe('When it was due, or was asked for.'),
    job: z.string().nullable().describe('Null: it was skipped, or is about to begin.'),
    by: z.enum(['schedule', 'user']),
    started_at: time.nullable(),
    finished_at: time.nullable(),
    status: z.string().nullable().describe('The status of its job.'),
    outcome: z.enum(['complete', 'partial', 'none']).nullable(),
    skipped: z.string().nullable().describe('Why nothing was run.'),
    cost_usd: usd.nullable(),
    total: z.number().nullable().describe('The sum of the main field of the watch over its rows.'),
    counts: diffSummary.shape.counts.nullable().describe('What changed since the last good run.'),
    alerts: z.int().nullable().describe('How many rules held.'),
  })
  .meta({ id: 'WatchRun', description: 'One tick of a watch: the job that it made, or why it made none.' });

export type WatchRun = z.infer<typeof watchRun>;
