import { z } from 'zod';
import { binding, boundDetail } from './capacity.js';
import { endpointName } from './endpoints/index.js';
import { MAX_TAG_LENGTH } from './endpoints/params.js';
import { RETRY_CODES } from './error-codes.js';
import { inputReport } from './input-report.js';
import { webhook } from './webhooks.js';

/**
 * A user's name for a series of jobs: 1 to 255 characters, none of them a control character or half of a surrogate pair.
 * `.` and `..` are refused: as steps of a path, percent-encoded or not, every client takes them out before it asks.
 */
export const tag = z
  .string()
  .min(1)
  .max(MAX_TAG_LENGTH)
  .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
  .refine((value) => !/\p{Cs}/u.test(value), 'must be well-formed Unicode')
  .refine((value) => value !== '.' && value !== '..', 'must not be . or ..: no path can name it');

const MAX_METADATA_PAIRS = 16;

const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512), {
    error: ({ code }) => (code === 'invalid_key' ? 'a name has 1 to 64 characters' : undefined),
  })
  .refine((pairs) => Object.keys(pairs).length <= MAX_METADATA_PAIRS, `holds at most ${MAX_METADATA_PAIRS} pairs`)
  .meta({ maxProperties: MAX_METADATA_PAIRS });

/** A budget above it is taken for a slip: sums of nano-dollars stay exact far beyond. */
export const MOST_USD = 1_000_000;

const budgetUsd = z.number().positive().max(MOST_USD);

/** Ten years: what is to be kept for longer belongs into an archive. */
export const MOST_RETENTION_DAYS = 3650;

/** What a user submits, the targets left out: they stream beside it. `params` are checked against their endpoint. */
export const submission = z.strictObject({
  endpoint: endpointName,
  params: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("The endpoint's own parameters; its targets, paging and tag are ours to set."),
  tag: tag.optional().describe("Your name for a series of jobs; no control characters. The job's id unless told."),
  metadata: metadata.default({}).describe('Up to 16 pairs, echoed, and a filter of the list of jobs.'),
  max_items_per_target: z
    .int()
    .min(1)
    .nullable()
    .default(1000)
    .describe('Of list endpoints. Null: all that there are, and then `max_cost_usd` is required.'),
  max_cost_usd: budgetUsd.optional().describe('Never exceeded, unconfirmed and wasted money included.'),
  on_budget: z
    .enum(['pause', 'finish'])
    .default('pause')
    .describe('What happens when the money is over; `finish` skips the rest.'),
  deadline: z.iso
    .datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2030-01-31T12:00:00Z' })
    .optional()
    .describe('Then the same as `on_budget`.'),
  on_invalid: z.enum(['skip', 'reject']).default('skip').describe('`reject`: where a row is invalid nothing runs.'),
  on_overlap: z
    .enum(['allow', 'reject'])
    .default('allow')
    .describe('`reject`: 409 while a job of the same tag and endpoint is not finished.'),
  retention_days: z
    .int()
    .min(1)
    .max(MOST_RETENTION_DAYS)
    .optional()
    .describe('How long the job is kept after its end; the last two jobs of a tag stay.'),
  expect_rows: z
    .int()
    .min(1)
    .optional()
    .describe('Another count is refused: a cut upload does not pass for a whole one.'),
  start: z.enum(['auto', 'manual']).default('auto').describe('`manual`: priced, then paused until resumed.'),
  target_as: z
    .enum(['given', 'host', 'domain'])
    .default('given')
    .describe("Each row's target as it stands, its host, or its registrable domain."),
  keep_www: z.boolean().default(false).describe('Keeps a leading `www.` of bare hosts.'),
  webhook: webhook.optional(),
});

/** The body of `POST /v1/jobs/:id/resume`. */
export const resumption = z
  .strictObject({ max_cost_usd: budgetUsd.optional().describe('The new budget.') })
  .meta({ id: 'Resumption' });

/** The body of `POST /v1/jobs/:id/retry`: which rows, and a new budget. Rows must match all that is said. */
export const retrial = z
  .strictObject({
    status: z
      .array(z.enum(['failed', 'skipped']))
      .min(1)
      .max(2)
      .default(['failed', 'skipped']),
    codes: z.array(z.enum(RETRY_CODES)).min(1).max(RETRY_CODES.length).optional(),
    retryable_only: z.boolean().default(true),
    buy: z
      .boolean()
      .default(false)
      .describe(
        'Rows that are `answer_unreadable` are bought again where their kept answers are still not understood.',
      ),
    max_cost_usd: budgetUsd.optional(),
  })
  .describe('Which rows: those that match all that is said. And a new budget.');

/** Parameters of an endpoint that are ours to set. */
export const RESERVED_PARAMS = ['targets', 'target', 'limit', 'offset', 'tag'] as const;

export const JOB_STATUSES = ['queued', 'planning', 'running', 'paused', 'completed', 'failed', 'cancelled'] as const;
export const jobStatus = z.enum(JOB_STATUSES).meta({ id: 'JobStatus' });

/** Why the upstream serves the account nothing. Each ends without Linkhaul: by itself, or when somebody mends the account. */
export const OUTAGE_REASONS = [
  'upstream_funds',
  'upstream_auth',
  'upstream_daily_limit',
  'upstream_blocked',
  'upstream_down',
] as const;

export const pauseReason = z.enum([
  'user',
  'manual_start',
  'budget',
  'tenant_budget',
  'deadline',
  ...OUTAGE_REASONS,
  'upstream_changed',
  'storage',
]);

const count = z.int().min(0);
const usd = z.number().min(0);
const time = z.iso.datetime();

export const job = z
  .object({
    id: z.string(),
    tag: z.string(),
    endpoint: endpointName,
    tenant: z.string(),
    params: z.record(z.string(), z.unknown()),
    metadata: z.record(z.string(), z.string()),
    max_items_per_target: z.int().nullable(),
    max_cost_usd: usd.nullable(),
    on_budget: z.enum(['pause', 'finish']),
    deadline: time.nullable(),
    on_invalid: z.enum(['skip', 'reject']),
    on_overlap: z.enum(['allow', 'reject']),
    retention_days: z.int(),
    start: z.enum(['auto', 'manual']),
    target_as: z.enum(['given', 'host', 'domain']),
    keep_www: z.boolean(),
    webhook: webhook.nullable(),
    status: jobStatus,
    reason: z
      .string()
      .nullable()
      .describe(`Why it is paused: one of ${pauseReason.options.join(', ')}. Why it has failed: in words.`),
    outcome: z
      .enum(['complete', 'partial', 'none'])
      .nullable()
      .describe('How good a completed job is: no failed or skipped row, some, or no ok or empty one.'),
    run: count,
    upstream: z.object({
      host: z.string(),
      simulated: z.boolean().nullable().describe('Null until the upstream has said something.'),
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
      .describe('`total` is the sum of the others, always.'),
    duplicates: count.describe('Rows whose target an earlier row has: bought once.'),
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
            "The id of a key that was made (`key_…`); the tenant's name for one that the operator has set; `admin`; `system`.",
          ),
        action: z.string(),
        from: z
          .string()
          .describe(
            'The status before; of `set_budget` the budget before, in US dollars; of `answer_damaged` of a finished job its outcome before. Empty: none.',
          ),
        to: z.string().describe('The same, after.'),
        reason: z.string().nullable(),
      }),
    ),
    progress: z.number().describe('Decided rows over all, 0 to 1.'),
    eta_ms: z.number().nullable().describe('While it runs, where it is known.'),
    bound_by: binding
      .nullable()
      .describe(
        'Why it does not go on, or not faster. Never null while it is queued, planning or running and stands still.',
      ),
    bound_detail: boundDetail,
    links: z.object({ self: z.string(), results: z.string(), rows: z.string(), events: z.string() }),
  })
  .meta({ id: 'Job', description: 'A job, with every submitted field as it was understood.' });

/** What a submission is answered with. */
export const submittedJob = job
  .extend({
    input: inputReport
      .optional()
      .describe('How the list was read. Left out where an `Idempotency-Key` stood for the job already.'),
  })
  .meta({ id: 'SubmittedJob', description: 'A job, and how its list was read.' });

export type Submission = z.infer<typeof submission>;
export type Retrial = z.infer<typeof retrial>;
export type Job = z.infer<typeof job>;
export type SubmittedJob = z.infer<typeof submittedJob>;
export type JobStatus = z.infer<typeof jobStatus>;
export type PauseReason = z.infer<typeof pauseReason>;
export type OutageReason = (typeof OUTAGE_REASONS)[number];

/** A job that is paused for it goes on by itself when the account can. */
export function isOutageReason(reason: string | null): reason is OutageReason {
  return OUTAGE_REASONS.some((known) => known === reason);
}

/** A job without a tag of its own has its id for one: it belongs to no series. */
export function isTagged({ id, tag }: Pick<Job, 'id' | 'tag'>): boolean {
  return tag !== id;
}

/** A job in one of these states has nothing left to do. */
export function isFinished(job: Pick<Job, 'finished_at'>): boolean {
  return job.finished_at !== null;
}
