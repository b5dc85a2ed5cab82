import {
  type BoundKey,
  type Estimate,
  estimateJob,
  type JobBounds,
  type JobDescription,
  MOST_CALLS,
  type Prices,
  type TasksOfJob,
} from '@linkhaul/jobs';
import { endpointOf, isPaged, type Nanos, nanosOf, type Submission, usdOf } from '@linkhaul/schemas';
import { FORMAT, type JobRef } from '@linkhaul/storage';
import { ApiProblem, invalidRequest } from '../problem.js';
import { type FieldSource, pointTo } from '../request/pointers.js';
import type { Services } from '../services.js';
import { neverSent } from '../unavailable.js';
import { webhookTarget } from './fields/webhook-target.js';
import { busy } from './idempotency.js';
import type { Intake } from './intake.js';

export interface Accepted {
  /** Shown in the job's history. */
  readonly by: string;
  readonly submission: Submission;
  readonly intake: Intake;
  readonly source: FieldSource;
  /** A probe's job has no webhook, not even the tenant's default: no user submitted it. */
  readonly isProbe?: boolean;
  /** The tasks in the vendor's form that the job answers. A job with tasks has no webhook, not even the tenant's default. */
  readonly tasks?: TasksOfJob;
  /** The idempotency key of the request. */
  readonly key: BoundKey | null;
}

/** Creates the job, whole or not at all. */
export async function accept(job: JobRef, accepted: Accepted, services: Services): Promise<void> {
  const { store, snapshots, queues, idempotency, installation, logger } = services;
  const { bounds, estimate } = await judge(accepted, services);
  const description = await describe(job, accepted, services);
  const counts = { ...accepted.intake, estimatedNanos: estimate.high ?? bounds.maxCost ?? estimate.low };
  const { by, key } = accepted;
  const reply = await store
    .accept({ description, by, counts, bounds, installation: await installation.id(), ...(key !== null && { key }) })
    .catch((error: unknown) => {
      // Redis may have created the job: its rows must stay, or the job would run without them.
      if (!neverSent(error)) throw new UncertainAccept(error);
      throw error;
    });
  // Redis was unavailable for longer than the claim of the key lasts, and another request has taken the key.
  if (reply.kind === 'taken') throw busy(idempotency.claimMs);
  if (reply.kind === 'lost') throw new ApiProblem('unavailable', 'Redis has lost its data: no job is accepted now.');
  if (reply.kind === 'overlap') throw overlaps(reply.id);
  // Redis was unavailable, or this process was suspended, for most of an hour, and the upload was given up.
  if (reply.kind === 'given_up')
    throw new ApiProblem('unavailable', 'The upload stood still for too long: send it again.');
  // A job that is acknowledged must be in storage too. If that write fails, the job still runs.
  await snapshots.keepJob(job).catch((error: unknown) => {
    throw new UncertainAccept(error);
  });
  // The job is durable now: if this message is lost, reconciliation adds it again.
  const plan = () => queues.add('plan', job);
  await plan().catch((err: unknown) => logger.warn({ err, job: job.id }, 'plan message'));
}

function overlaps(id: string): ApiProblem {
  return new ApiProblem(
    'conflict',
    `${id}, of the same tag and endpoint, is not finished: wait for it, or allow overlap.`,
    {
      errors: [{ code: 'overlap', message: `${id} is not finished.` }],
    },
  );
}

export interface Judged {
  readonly bounds: JobBounds;
  readonly prices: Prices;
  readonly estimate: Estimate;
}

/** The parts of a list and its fields that decide its price. */
export interface Priced extends Pick<Accepted, 'intake' | 'source'> {
  readonly submission: Pick<Submission, 'endpoint' | 'params' | 'max_items_per_target' | 'max_cost_usd' | 'deadline'>;
}

/** Estimates a job by the upstream's published prices, if any. Throws the refusal that a submission of the job would get. */
export async function judge(accepted: Priced, { env, prices }: Pick<Services, 'env' | 'prices'>): Promise<Judged> {
  const { submission, intake, source } = accepted;
  const { endpoint, params, max_items_per_target: maxItemsPerTarget } = submission;
  judgeSize(accepted);
  const bounds = boundsOf(submission);
  const known = await prices.expected(env.upstreamHost, endpoint, env.prices);
  const estimate = await estimateJob({ ...intake, endpoint: endpointOf(endpoint), params, maxItemsPerTarget }, known);
  if (bounds.maxCost !== null) judgeBudget(bounds.maxCost, estimate, pointTo(source, ['max_cost_usd']));
  return { bounds, prices: known, estimate };
}

/** The answer to the last step of a submission was lost: the job may or may not exist. */
export class UncertainAccept extends Error {
  override readonly name = 'UncertainAccept';

  constructor(cause: unknown) {
    super('the answer to the acceptance of a job was lost', { cause });
  }
}

function judgeSize({ submission, intake, source }: Priced): void {
  const endpoint = endpointOf(submission.endpoint);
  const { max_items_per_target: maxItems } = submission;
  if (!isPaged(endpoint) || maxItems === null) return;
  const calls = Math.ceil(maxItems / endpoint.maxLimit) * intake.targets;
  if (calls <= MOST_CALLS) return;
  const most = Math.floor(MOST_CALLS / Math.max(intake.targets, 1)) * endpoint.maxLimit;
  throw invalidRequest(
    pointTo(source, ['max_items_per_target']),
    `may be at most ${most} with ${intake.targets} targets`,
  );
}

function boundsOf({ max_cost_usd: maxCost, deadline }: Priced['submission']): JobBounds {
  return {
    maxCost: maxCost === undefined ? null : nanosOf(maxCost),
    deadline: deadline === undefined ? null : Date.parse(deadline),
  };
}

/** Refuses a budget that does not pay for a single call. */
export function judgeBudget(budget: Nanos, { cheapestCall }: Estimate, pointer: string): void {
  if (budget >= cheapestCall) return;
  const detail = `The cheapest call of this job costs $${usdOf(cheapestCall)}: a budget of $${usdOf(budget)} buys nothing.`;
  throw new ApiProblem('budget_too_low', detail, { errors: [{ pointer, code: 'budget_too_low', message: detail }] });
}

async function describe(job: JobRef, accepted: Accepted, services: Services): Promise<JobDescription> {
  const { submission, intake, tasks, isProbe = tasks !== undefined } = accepted;
  const trace = services.tracing.current();
  const {
    tag,
    expect_rows: _,
    max_cost_usd: _budget,
    deadline: _deadline,
    webhook,
    pingback_url,
    postback_url,
    retention_days: retentionDays,
    ...fields
  } = submission;
  return {
    ...fields,
    ...job,
    v: FORMAT,
    tag: tag ?? job.id,
    retention_days: retentionDays ?? services.env.retentionDays,
    createdAt: await services.calls.now(),
    upstreamHost: services.env.upstreamHost,
    webhook: isProbe ? null : await webhookTarget(job.tenant, webhook, services),
    ...hooksOf({ pingback_url, postback_url }, services),
    rowParts: intake.rowParts,
    invalidParts: intake.invalidParts,
    mostWithOneKey: intake.mostWithOneKey,
    ...(tasks !== undefined && { tasks }),
    ...(trace !== null && { trace }),
  };
}

type Hooks = Pick<Submission, 'pingback_url' | 'postback_url'>;

/** Whether hooks may have private addresses is decided when the job is accepted, as for webhooks. */
function hooksOf(hooks: Hooks, { env }: Pick<Services, 'env'>): Pick<JobDescription, 'hooks'> {
  const { pingback_url, postback_url } = hooks;
  if (pingback_url === undefined && postback_url === undefined) return {};
  const named = { ...(pingback_url && { pingback_url }), ...(postback_url && { postback_url }) };
  return { hooks: { ...named, allowPrivate: env.webhookAllowPrivate } };
}
