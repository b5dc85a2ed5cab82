import type { JobRecord } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import { CALLS_PER_PART, type JobRef } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { planAgain } from './plan-again.js';
import { writeJobPlan } from './write-job-plan.js';

type Planning = Pick<
  Services,
  'store' | 'storage' | 'ledger' | 'calls' | 'source' | 'queues' | 'dispatcher' | 'logger'
>;

function wasEnded({ status, cut }: JobRecord): boolean {
  return status === 'cancelled' || cut !== null;
}

/** Turns a job's rows into calls, packed for the least money, and stores the plan. Doing it again gives the same plan. */
export async function plan(job: JobRef, services: Planning): Promise<void> {
  const { store, storage, ledger, queues, dispatcher, logger } = services;
  await ledger.act(job, { action: 'plan', by: 'system' });
  const record = await store.get(job);
  // A message that was repeated finds the plan there.
  if (record === null || wasEnded(record)) return;
  if (record.plan !== null) return planAgain(record, record.plan, services);
  const { description } = record;
  const endpoint = endpointOf(description.endpoint);
  const { targets, roots } = await writeJobPlan(storage, job, { endpoint, rowParts: description.rowParts });
  const callsPerPart = CALLS_PER_PART[endpoint.kind];
  const { last } = await ledger.planned(job, { roots, callsPerPart, manual: description.start === 'manual' });
  logger.info({ job: job.id, tenant: job.tenant, targets, calls: roots }, 'planned');
  if (last) await queues.add('finish', job);
  await dispatcher.fill();
}
