import { type JobRecord, refOf } from '@linkhaul/jobs';
import { callShapeOf, endpointOf } from '@linkhaul/schemas';
import { CALLS_PER_PART, type JobRef, type StoredRowPart } from '@linkhaul/storage';
import { planRetry } from '../retry/plan-retry.js';
import type { Services } from '../services.js';
import { expectedCopies } from './expected-copies.js';
import type { StoredRows } from './read-job-rows.js';
import { type PlanProgress, writeJobPlan } from './write-job-plan.js';

type PlanningServices = Pick<
  Services,
  | 'store'
  | 'storage'
  | 'jobSteps'
  | 'ledger'
  | 'calls'
  | 'source'
  | 'queues'
  | 'dispatcher'
  | 'snapshots'
  | 'reuse'
  | 'questions'
  | 'logger'
  | 'tracing'
>;

/** While a plan is written, more of its calls are released at most this often. */
const RELEASE_EVERY_MS = 50;

/**
 * Packs a job's rows into calls at the lowest cost, and stores the plan part by part. A call can be sent once its own part
 * is stored. Planning again gives the same plan, and continues where another worker stopped.
 */
export async function planJob(job: JobRef, services: PlanningServices): Promise<void> {
  const { store, jobSteps, tracing } = services;
  await jobSteps.act(job, { action: 'plan', by: 'system' });
  const record = await store.get(job);
  if (record === null) return;
  const facts = { 'linkhaul.job': job.id, 'linkhaul.run': record.run };
  await tracing.follow(record.description.trace, { name: 'plan', facts }, () => writePlan(record, services));
}

async function writePlan(record: JobRecord, services: PlanningServices): Promise<void> {
  const { storage, logger } = services;
  const job = refOf(record.description);
  // The plan is complete already: this is a retry, or BullMQ delivered the message again.
  if (record.plan !== null && record.storedRoots === null) return planRetry(record, record.plan, services);
  // Once calls were released, the plan is completed whatever happens to the job, because readers of the plan rely on it.
  if (record.plan === null && wasEnded(record)) return;
  if (record.description.max_age !== undefined) await services.questions.open(record.description);
  const rows = storedRows(record, services);
  const roots = await writeJobPlan(storage, job, { rows, onStored: createRelease(record, services) });
  logger.info({ job: job.id, tenant: job.tenant, targets: rows.targets, calls: roots }, 'planned');
}

function wasEnded({ status, cut }: JobRecord): boolean {
  return status === 'cancelled' || cut !== null;
}

function storedRows({ description, counts }: JobRecord, services: PlanningServices): StoredRows {
  const { endpoint, rowParts, mostWithOneKey, max_age } = description;
  const { total, invalid, duplicates } = counts;
  const targets = total - invalid - duplicates;
  return {
    ...{ endpoint: endpointOf(endpoint), rowParts, targets, duplicates },
    keysDiffer: mostWithOneKey === 1,
    ...(max_age !== undefined && {
      apart: (parts: AsyncIterable<StoredRowPart>) => expectedCopies({ ...description, max_age }, parts, services),
    }),
  };
}

/** Releases the calls whose part is stored: the first at once, then more every RELEASE_EVERY_MS. */
function createRelease(
  { description }: JobRecord,
  { jobSteps, queues, dispatcher }: PlanningServices,
): (progress: PlanProgress) => Promise<void> {
  const job = refOf(description);
  const callsPerPart = CALLS_PER_PART[callShapeOf(endpointOf(description.endpoint))];
  const manual = description.start === 'manual';
  let releasedAt = Number.NEGATIVE_INFINITY;
  return async ({ roots, stored }) => {
    const now = performance.now();
    if (stored < roots && now - releasedAt < RELEASE_EVERY_MS) return;
    releasedAt = now;
    const { last } = await jobSteps.planned(job, { roots, callsPerPart, manual, stored });
    if (last) await queues.add('finish', job);
    await dispatcher.fill();
  };
}
