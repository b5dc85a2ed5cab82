import { z } from 'zod';
import { OUTAGE_REASONS } from './account-reasons.js';
import { binding, boundDetail } from './capacity.js';
import { endpointName } from './endpoints/index.js';
import { inputReport } from './input-report.js';
import { jobChoices } from './submission.js';
import { webhook } from './webhooks.js';

export const JOB_STATUSES = ['queued', 'planning', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export const jobStatus = z.enum(JOB_STATUSES).meta({ id: 'JobStatus' });

export const pauseReason = z.enum([
  'user',
  'manual_start',
  'budget',
  'tenant_budget',
  'watch_budget',
  'deadline',
  ...OUTAGE_REASONS,
  'upstream_changed',
  'storage',
  'recovered',
]);

const count = z.int().min(0);
const usd = z.number().min(0);
const time = z.iso.datetime();

const TASK_KINDS = ['live', 'standard'] as const;
/** The values by which lists of jobs are filtered. `none`: jobs that answer no tasks in the vendor's form. */
export const TASK_FILTERS = ['none', ...TASK_KINDS] as const;
export type TaskFilter = (typeof TASK_FILTERS)[number];

export const job = z
  .object({
    id: z.string(),
    tag: z.string(),
    endpoint: endpointName,
    tenant: z.string(),
    watch: z.string().optional().describe('The watch of which it is a run; missing if it is none.'),
    tasks: z
      .object({ kind: z.enum(TASK_KINDS), count: z.int() })
      .optional()
      .describe("The tasks in the vendor's form that it answers; missing if it answers none."),
    params: z.record(z.string(), z.unknown()),
    metadata: z.record(z.string(), z.string()),
    max_items_per_target: z.int().nullable(),
    max_age: z.string().nullable().describe('How old a reused answer may be; null: none is reused.'),
    max_cost_usd: usd.nullable(),
    on_budget: jobChoices.on_budget,
    deadline: time.nullable(),
    on_invalid: jobChoices.on_invalid,
    on_overlap: jobChoices.on_overlap,
    retention_days: z.int(),
    start: jobChoices.start,
    target_as: jobChoices.target_as,
    keep_www: z.boolean(),
    webhook: webhook.nullable(),
    pingback_url: z.string().nullable(),
    postback_url: z.string().nullable(),
    status: jobStatus,
    reason: z
      .string()
      .nullable()
      .describe(`Why it is paused: one of ${pauseReason.options.join(', ')}. Why it has failed: in words.`),
    outcome: z
      .enum(['complete', 'partial', 'none'])
      .nullable()
      .describe('How good a completed job is: it has no failed or skipped row, some, or no ok or empty row.'),
    run: count,
    upstream: z.object({
      host: z.string(),
      simulated: z.boolean().nullable().describe('Null until the upstream has said so.'),
    }),
    created_at: time,
    started_at: time.nullable(),
    finished_at: time.nullable(),
    expires_at: time.nullable(),
    rows: z
      .object({
        total: count,
        pending: count,
        ok: count,
        empty: count,
        failed: count,
        invalid: count,
        skipped: count,
      })
      .describe('`total` is always the sum of the others.'),
    duplicates: count.describe('Rows whose target an earlier row has. It is bought once.'),
    reused: count.describe('Rows that were answered from stored answers (`max_age`).'),
    items: count,
    calls: z.object({
      planned: count,
      done: count,
      failed: count,
      unknown: count,
      in_flight: count,
      attempts: count,
    }),
    cost: z.object({
      estimated_usd: usd,
      spent_usd: usd,
      reserved_usd: usd,
      unconfirmed_usd: usd,
      wasted_usd: usd,
    }),
    history: z.array(
      z.object({
        at: time,
        by: z
          .string()
          .describe(
            "The id of a key that was made (`key_…`); the tenant's name for a key that the operator has set; `admin`; `system`.",
          ),
        action: z.string(),
        from: z
          .string()
          .describe(
            'The status before; for `set_budget` the budget before, in US dollars; for `answer_damaged` of a finished job its outcome before. Empty if there was none.',
          ),
        to: z.string().describe('The same after the action.'),
        reason: z.string().nullable(),
      }),
    ),
    progress: z.number().describe('The share of rows that are decided, 0 to 1.'),
    eta_ms: z.number().nullable().describe('Set while it runs, if it is known.'),
    bound_by: binding
      .nullable()
      .describe(
        'Why it does not go on, or not faster. Never null while it is queued, planning or running and stands still.',
      ),
    bound_detail: boundDetail,
    links: z.object({ self: z.string(), results: z.string(), rows: z.string(), events: z.string() }),
  })
  .meta({ id: 'Job', description: 'A job, with every submitted field as it was understood.' });

/** The answer to a submission. */
export const submittedJob = job
  .extend({
    input: inputReport
      .optional()
      .describe('How the list was read. Missing if the `Idempotency-Key` had made the job before.'),
  })
  .meta({ id: 'SubmittedJob', description: 'A job, and how its list was read.' });

export type Job = z.infer<typeof job>;
export type SubmittedJob = z.infer<typeof submittedJob>;
export type JobStatus = z.infer<typeof jobStatus>;
export type PauseReason = z.infer<typeof pauseReason>;

/** A job without a tag of its own has its id as its tag. It belongs to no series. */
export function isTagged({ id, tag }: Pick<Job, 'id' | 'tag'>): boolean {
  return tag !== id;
}

/** Whether nothing is left to do for a job. */
export function isFinished(job: Pick<Job, 'finished_at'>): boolean {
  return job.finished_at !== null;
}
