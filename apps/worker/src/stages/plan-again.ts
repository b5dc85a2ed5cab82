import { type JobRecord, planCalls, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { CALLS_PER_PART, lastFollower, lastRunOf, type PlanShape, writePlan } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { chooseRows } from './choose-rows.js';
import { callsOf } from './planned-calls.js';

type Planning = Pick<Services, 'storage' | 'ledger' | 'calls' | 'source' | 'queues' | 'dispatcher' | 'logger'>;

/**
 * Plans a further run of a job: the chosen of its failed and skipped rows are packed anew, into calls with numbers above
 * all that the job has. Doing it again gives the same plan; rows are pending again once it is stored.
 */
export async function planAgain(record: JobRecord, plan: PlanShape, services: Planning): Promise<void> {
  const { storage, ledger, calls, queues, dispatcher, logger } = services;
  const { description, run, retry } = record;
  if (retry === null) return;
  const job = refOf(description);
  const endpoint = endpointOf(description.endpoint);
  const settled = await calls.settled(job, plan.later);
  const chosen = await chooseRows({ job, plan, settled, choice: retry }, services);
  const packed = await planCalls(
    endpoint,
    chosen.targets.map(({ target }) => target),
  );
  const callsPerPart = CALLS_PER_PART[endpoint.kind];
  const roots = await writePlan(storage, job, { calls: callsOf(chosen.targets, packed), callsPerPart, run });
  const last = lastRunOf(plan);
  const base = lastFollower(Math.max(settled.highest, last.base + last.roots), plan);
  const { rows, retried } = chosen;
  const reply = await ledger.plannedAgain(job, { run, base, roots, callsPerPart, rows, retried });
  logger.info({ job: job.id, tenant: job.tenant, run, targets: chosen.targets.length, calls: roots }, 'planned again');
  if (reply.last) await queues.add('finish', job);
  await dispatcher.fill();
}
