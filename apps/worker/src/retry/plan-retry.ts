import { type CallRef, type JobRecord, planCalls, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
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
import { chooseRows, type UnderstoodCall } from './choose-rows.js';
import { callsOf } from './packed-targets.js';

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
  const planned = { description, plan };
  const chosen = await chooseRows({ job, planned, settled, choice: retry, keptTo: record.keptTo }, services);
  const packed = await planCalls(
    endpoint,
    chosen.targets.map(({ target }) => target),
  );
  const callsPerPart = CALLS_PER_PART[endpoint.kind];
  const { understood, rows, retried } = chosen;
  const cut = [...understood.map(({ targets }) => targets), ...callsOf(chosen.targets, packed)];
  const roots = await writePlan(storage, job, { calls: cut, callsPerPart, run });
  const last = lastRunOf(plan);
  const base = Math.max(record.keptTo, lastFollower(Math.max(settled.highest, last.base + last.roots), plan));
  const isStored = understood.length > 0;
  // Where the run never begins, its numbers are not used again: an answer would be taken for that of another call.
  if (isStored) await ledger.keepNumbers(job, base + understood.length);
  for (const [at, call] of understood.entries()) await storeAgain({ job, call: base + 1 + at }, call, storage);
  const reply = await ledger.plannedAgain(job, { run, base, roots, callsPerPart, rows, retried, isStored });
  logger.info({ job: job.id, tenant: job.tenant, run, targets: chosen.targets.length, calls: roots }, 'planned again');
  if (reply.last) await queues.add('finish', job);
  await dispatcher.fill();
}

/** The answer of a call of the further run, before that call is ever sent: what it cost was counted when it came. */
async function storeAgain({ job, call }: CallRef, understood: UnderstoodCall, storage: Backend): Promise<void> {
  const { answer, outcome, statusCode, task } = understood;
  const { unpriced, ...before } = answer.header;
  const header = { ...before, call, attempt: 1, failures: 0, statusCode, task, cost: 0, outcome };
  await storeAnswer(storage, job, { header, body: await answer.body() });
}
