import { type JobRecord, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { CALLS_PER_PART, type JobRef } from '@linkhaul/storage';
import { planAgain } from '../retry/plan-retry.js';
import type { Services } from '../services.js';
import { type PlanProgress, writeJobPlan } from './write-job-plan.js';

type Planning = Pick<
  Services,
  'store' | 'storage' | 'ledger' | 'calls' | 'source' | 'queues' | 'dispatcher' | 'logger'
>;

/** Between two steps in which further calls of a plan are let go. */
const RELEASE_EVERY_MS = 50;

/**
 * Turns a job's rows into calls, packed for the least money, and stores the plan; each call may be sent as soon as its own part
 * of the plan is stored. Doing it again gives the same plan, and goes on where another planner has stopped.
 */
export async function plan(job: JobRef, services: Planning): Promise<void> {
  const { store, storage, ledger, logger } = services;
  await ledger.act(job, { action: 'plan', by: 'system' });
  const record = await store.get(job);
  if (record === null) return;
  // A message that was repeated finds the whole plan there.
  if (record.plan !== null && record.storedRoots === null) return planAgain(record, record.plan, services);
  // Once calls were let go, the plan is written to its end, whatever becomes of the job: its readers count on that.
  if (record.plan === null && wasEnded(record)) return;
  const rows = storedRows(record);
  const roots = await writeJobPlan(storage, job, { rows, onStored: createRelease(record, services) });
  logger.info({ job: job.id, tenant: job.tenant, targets: rows.targets, calls: roots }, 'planned');
}

function wasEnded({ status, cut }: JobRecord): boolean {
  return status === 'cancelled' || cut !== null;
}

function storedRows({ description, counts }: JobRecord) {
  const { endpoint, rowParts, mostWithOneKey } = description;
  const { total, invalid, duplicates } = counts;
  const targets = total - invalid - duplicates;
  return { endpoint: endpointOf(endpoint), rowParts, targets, duplicates, keysDiffer: mostWithOneKey === 1 };
}

/** Lets the calls go that are stored by now: the first at once, the others a few at a time. */
function createRelease(
  { description }: JobRecord,
  { ledger, queues, dispatcher }: Planning,
): (progress: PlanProgress) => Promise<void> {
  const job = refOf(description);
  const callsPerPart = CALLS_PER_PART[endpointOf(description.endpoint).kind];
  const manual = description.start === 'manual';
  let releasedAt = Number.NEGATIVE_INFINITY;
  return async ({ roots, stored }) => {
    const now = performance.now();
    if (stored < roots && now - releasedAt < RELEASE_EVERY_MS) return;
    releasedAt = now;
    const { last } = await ledger.planned(job, { roots, callsPerPart, manual, stored });
    if (last) await queues.add('finish', job);
    await dispatcher.fill();
  };
}
