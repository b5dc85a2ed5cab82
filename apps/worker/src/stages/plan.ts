import { planCalls } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import {
  CALLS_PER_PART,
  type JobRef,
  type PlannedRow,
  type PlannedTarget,
  readRows,
  type ValidRow,
  writePlan,
} from '@linkhaul/storage';
import type { Services } from '../services.js';
import { planAgain } from './plan-again.js';
import { callsOf } from './planned-calls.js';

type Planning = Pick<
  Services,
  'store' | 'storage' | 'ledger' | 'calls' | 'source' | 'queues' | 'dispatcher' | 'logger'
>;

/** Turns a job's rows into calls, packed for the least money, and stores the plan. Doing it again gives the same plan. */
export async function plan(job: JobRef, services: Planning): Promise<void> {
  const { store, storage, ledger, queues, dispatcher, logger } = services;
  await ledger.act(job, { action: 'plan', by: 'system' });
  const record = await store.get(job);
  // A message that was repeated finds the plan there.
  if (record === null || record.status === 'cancelled') return;
  if (record.plan !== null) return planAgain(record, record.plan, services);
  const { description } = record;
  const endpoint = endpointOf(description.endpoint);
  const targets = await distinctTargets(description.rowParts, (part) => readRows(storage, job, part));
  const calls = await planCalls(
    endpoint,
    targets.map(({ target }) => target),
  );
  const callsPerPart = CALLS_PER_PART[endpoint.kind];
  const roots = await writePlan(storage, job, { calls: callsOf(targets, calls), callsPerPart });
  const { last } = await ledger.planned(job, { roots, callsPerPart, manual: description.start === 'manual' });
  logger.info({ job: job.id, tenant: job.tenant, targets: targets.length, calls: roots }, 'planned');
  if (last) await queues.add('finish', job);
  await dispatcher.fill();
}

/** The targets to buy, in input order, each with every row that asks for it. */
async function distinctTargets(parts: number, read: (part: number) => Promise<ValidRow[]>): Promise<PlannedTarget[]> {
  const targets: { target: string; kind: PlannedTarget['kind']; rows: [PlannedRow, ...PlannedRow[]] }[] = [];
  const positions = new Map<number, number>();
  for (let part = 0; part < parts; part++) {
    for (const { line, input, id, target, kind, duplicateOf } of await read(part)) {
      const row = { line, input, id };
      if (duplicateOf === null) {
        positions.set(line, targets.length);
        targets.push({ target, kind, rows: [row] });
      } else {
        targets[positions.get(duplicateOf) ?? -1]?.rows.push(row);
      }
    }
  }
  return targets;
}
