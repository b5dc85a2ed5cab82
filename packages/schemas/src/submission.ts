import { z } from 'zod';
import { duration } from './durations.js';
import { endpointName } from './endpoints/index.js';
import { MAX_TAG_LENGTH } from './endpoints/params.js';
import { RETRY_CODES } from './error-codes.js';
import { hookUrl, webhook } from './webhooks.js';

/**
 * A user's name for a series of jobs: 1 to 255 characters, none of them a control character or half of a surrogate pair.
 * `.` and `..` are refused: clients remove them from a path, percent-encoded or not, before they send it.
 */
export const tag = z
  .string()
  .min(1)
  .max(MAX_TAG_LENGTH)
  .refine((value) => !/\p{Cc}/u.test(value), 'must not contain control characters')
  .refine((value) => !/\p{Cs}/u.test(value), 'must be well-formed Unicode')
  .refine((value) => value !== '.' && value !== '..', 'must not be . or ..: no path can name it');

export const MAX_METADATA_PAIRS = 16;

const metadata = z
  .record(z.string().min(1).max(64), z.string().max(512), {
    error: ({ code }) => (code === 'invalid_key' ? 'a name has 1 to 64 characters' : undefined),
  })
  .refine((pairs) => Object.keys(pairs).length <= MAX_METADATA_PAIRS, `holds at most ${MAX_METADATA_PAIRS} pairs`)
  .meta({ maxProperties: MAX_METADATA_PAIRS });

/** A higher budget counts as a typing error. Sums of nano-dollars stay exact far beyond it. */
export const MOST_USD = 1_000_000;

const budgetUsd = z.number().positive().max(MOST_USD);

/** Ten years. What must be kept longer belongs in an archive. */
export const MOST_RETENTION_DAYS = 3650;

/** Fields of a submission with a few values, which the job shows as well. */
export const jobChoices = {
  on_budget: z.enum(['pause', 'finish']),
  on_invalid: z.enum(['skip', 'reject']),
  on_overlap: z.enum(['allow', 'reject']),
  start: z.enum(['auto', 'manual']),
  target_as: z.enum(['given', 'host', 'domain']),
};

const HOOK_URLS = 'The id and tag of the job replace `$id` and `$tag` in it.';

/** What a user submits, without the targets, which stream beside it. `params` are checked against their endpoint. */
export const submission = z.strictObject({
  endpoint: endpointName,
  params: z
    .record(z.string(), z.unknown())
    .default({})
    .describe("The endpoint's own parameters; its targets, paging and tag are ours to set."),
  tag: tag.optional().describe("Your name for a series of jobs; no control characters. Default: the job's id."),
  metadata: metadata
    .default({})
    .describe(`Up to ${MAX_METADATA_PAIRS} pairs. The job shows them, and the list of jobs can be filtered by them.`),
  max_items_per_target: z
    .int()
    .min(1)
    .nullable()
    .default(1000)
    .describe('For list endpoints. Null: all items, and then `max_cost_usd` is required.'),
  max_age: duration
    .optional()
    .describe(
      'A row is answered at no cost from an answer that you have to the same question, if that answer is not older than this. Default: no answer is reused.',
    ),
  max_cost_usd: budgetUsd.optional().describe('Never exceeded, not by unconfirmed and wasted money either.'),
  on_budget: jobChoices.on_budget
    .default('pause')
    .describe('What happens when the budget is used up; `finish` skips the rest.'),
  deadline: z.iso
    .datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2030-01-31T12:00:00Z' })
    .optional()
    .describe('When it has passed, the same happens as with `on_budget`.'),
  on_invalid: jobChoices.on_invalid.default('skip').describe('`reject`: if a row is invalid, nothing runs.'),
  on_overlap: jobChoices.on_overlap
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
    .describe('A list with another number of rows is refused, so that a cut upload does not pass for a whole one.'),
  start: jobChoices.start.default('auto').describe('`manual`: the job is priced, then paused until you resume it.'),
  target_as: jobChoices.target_as
    .default('given')
    .describe('What becomes the target: the row as it is, its host, or its registrable domain.'),
  keep_www: z.boolean().default(false).describe('Keeps a leading `www.` of bare hosts.'),
  webhook: webhook.optional(),
  pingback_url: hookUrl.optional().describe(`Requested by GET when the job has ended. ${HOOK_URLS}`),
  postback_url: hookUrl
    .optional()
    .describe(`Gets the job by POST, compressed by gzip, when it has ended. ${HOOK_URLS}`),
});

/** The body of `POST /v1/jobs/:id/resume`. */
export const resumption = z
  .strictObject({ max_cost_usd: budgetUsd.optional().describe('The new budget.') })
  .meta({ id: 'Resumption' });

/** The body of `POST /v1/jobs/:id/retry`: which rows, and a new budget. Rows must match everything that is given. */
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
      .describe('Rows with `answer_unreadable` are bought again if their kept answers still cannot be read.'),
    max_cost_usd: budgetUsd.optional(),
  })
  .describe('Which rows: those that match everything that is given. And a new budget.');

/** Parameters of an endpoint that are ours to set. */
export const RESERVED_PARAMS = [
  'targets',
  'target',
  'exclude_targets',
  'limit',
  'offset',
  'search_after_token',
  'tag',
] as const;

export type Submission = z.infer<typeof submission>;
export type Retrial = z.infer<typeof retrial>;
