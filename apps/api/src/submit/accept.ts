import { estimateCost, type JobDescription } from '@linkhaul/jobs';
import { endpointOf, type Nanos, type Submission } from '@linkhaul/schemas';
import { type JobRef, paths } from '@linkhaul/storage';
import { neverSent } from '../away.js';
import { invalidRequest } from '../problem.js';
import type { Services } from '../services.js';
import type { Intake } from './intake.js';
import { type FieldSource, pointTo } from './pointers.js';

/** Calls that a job may come to: the ledger has a bit for each. */
const MOST_CALLS = 100_000_000;

interface Accepted {
  readonly submission: Submission;
  readonly intake: Intake;
  readonly source: FieldSource;
}

/** Makes the job exist, whole or not at all. */
export async function accept(job: JobRef, accepted: Accepted, services: Services): Promise<void> {
  const { store, storage, queues, logger } = services;
  judgeSize(accepted);
  const description = describe(job, accepted, services);
  const estimatedNanos = await estimate(accepted, services);
  await storage.put(paths.description(job), Buffer.from(JSON.stringify(description)));
  await store.accept(description, { ...accepted.intake, estimatedNanos }).catch((error: unknown) => {
    // Whether the job exists cannot be told: its rows must stay, or it would run without them.
    if (!neverSent(error)) throw new UncertainAccept(error);
    throw error;
  });
  // Accepted is durable: if this message is lost, reconciliation adds it again.
  const plan = () => queues.add('plan', job);
  await plan().catch((err: unknown) => logger.warn({ err, job: job.id }, 'plan message'));
}

/** The answer to the last step of a submission was lost. */
export class UncertainAccept extends Error {
  override readonly name = 'UncertainAccept';

  constructor(cause: unknown) {
    super('the answer to the acceptance of a job was lost', { cause });
  }
}

function judgeSize({ submission, intake, source }: Accepted): void {
  const endpoint = endpointOf(submission.endpoint);
  if (endpoint.kind === 'bulk') return;
  const calls = Math.ceil(submission.max_items_per_target / endpoint.maxLimit) * intake.targets;
  if (calls <= MOST_CALLS) return;
  const most = Math.floor(MOST_CALLS / Math.max(intake.targets, 1)) * endpoint.maxLimit;
  throw invalidRequest(
    pointTo(source, ['max_items_per_target']),
    `may be at most ${most} with ${intake.targets} targets`,
  );
}

/** Prices are settings: whatever they are, the estimate stays a number that can be counted with. */
async function estimate({ submission, intake }: Accepted, { env }: Services): Promise<Nanos> {
  const { endpoint, max_items_per_target: maxItemsPerTarget } = submission;
  const { targets, domainSizes } = intake;
  const job = { endpoint: endpointOf(endpoint), targets, domainSizes, maxItemsPerTarget };
  const cost = await estimateCost(job, env.prices);
  return Math.min(cost, Number.MAX_SAFE_INTEGER);
}

function describe(job: JobRef, { submission, intake }: Accepted, { env }: Services): JobDescription {
  const { tag, expect_rows: _, webhook, ...fields } = submission;
  return {
    ...fields,
    ...job,
    tag: tag ?? job.id,
    createdAt: Date.now(),
    upstreamHost: env.upstreamHost,
    webhook: webhook
      ? { url: webhook.url, events: webhook.events ?? null, allowPrivate: env.webhookAllowPrivate }
      : null,
    rowParts: intake.rowParts,
    invalidParts: intake.invalidParts,
  };
}
