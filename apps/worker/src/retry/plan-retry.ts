import { type CallRef, type JobRecord, planCalls, refOf } from '@linkhaul/jobs';
import { callShapeOf, endpointOf } from '@linkhaul/schemas';
import {
  type Backend,
  CALLS_PER_PART,
  lastFollower,
  lastRunOf,
  type PlanShape,
  storeAnswer,
  writePlan,
} from '@linkhaul/storage';
import type { Services } from '../services.js';
import { chooseRows } from './choose-rows.js';
import { packedTargets } from './packed-targets.js';
import type { UnderstoodCall } from './understand-answer.js';

type PlanningServices = Pick<
  Services,
  'storage' | 'jobSteps' | 'ledger' | 'calls' | 'source' | 'queues' | 'dispatcher' | 'snapshots' | 'logger'
>;

/**
 * Plans a further run of a job: packs the chosen failed and skipped rows into calls with higher numbers than all earlier calls of
 * the job. Planning again gives the same plan. The rows become pending once the plan is stored.
 */
export async function planRetry(record: JobRecord, plan: PlanShape, services: PlanningServices): Promise<void> {
  const { storage, jobSteps, calls, queues, dispatcher, logger } = services;
  const { description, run, retry } = record;
  if (retry === null) return;
  const job = refOf(description);
  const endpoint = endpointOf(description.endpoint);
  const settled = await calls.settled(job, plan.later);
  const planned = { description, plan };
  const chosen = await chooseRows({ job, planned, settled, choice: retry, keptTo: record.keptTo }, services);
  const packed = await planCalls(
    endpoint,
    chosen.targets.map(({ target }) => target),
  );
  const callsPerPart = CALLS_PER_PART[callShapeOf(endpoint)];
  const { understood, rows, retried } = chosen;
  const cut = [...understood.map(({ targets }) => targets), ...packedTargets(chosen.targets, packed)];
  const roots = await writePlan(storage, job, { calls: cut, callsPerPart, run });
  const last = lastRunOf(plan);
  const base = Math.max(record.keptTo, lastFollower(Math.max(settled.highest, last.base + last.roots), plan));
  const isStored = understood.length > 0;
  // These numbers are never given to other calls, even if the run does not begin: their answers would be mixed up.
  if (isStored) await jobSteps.keepNumbers(job, base + understood.length);
  for (const [at, call] of understood.entries()) await storeAgain({ job, call: base + 1 + at }, call, storage);
  const reply = await jobSteps.plannedAgain(job, { run, base, roots, callsPerPart, rows, retried, isStored });
  logger.info({ job: job.id, tenant: job.tenant, run, targets: chosen.targets.length, calls: roots }, 'retry planned');
  await services.snapshots.keepJob(job);
  if (reply.last) await queues.add('finish', job);
  await dispatcher.fill();
}

/** Stores an answer that is now understood as that of a call of the further run. Its cost was counted when it arrived. */
async function storeAgain({ job, call }: CallRef, understood: UnderstoodCall, storage: Backend): Promise<void> {
  const { answer, outcome, statusCode, task } = understood;
  const { unpriced, ...before } = answer.header;
  const header = { ...before, call, attempt: 1, failures: 0, statusCode, task, cost: 0, outcome };
  const copies = await answer.copies();
  await storeAnswer(storage, job, { header, body: await answer.body(), ...(copies !== null && { copies }) });
}
