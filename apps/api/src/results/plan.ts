import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type PlannedTarget, type PlanShape, partOf, readPlanPart, rootOf, targetsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';

/** What a call asks about. */
export type PlanReader = (call: number) => Promise<readonly PlannedTarget[]>;

/** Reads the plan part by part; calls come in order, so that one part is kept. */
export function planReader(job: JobRecord, plan: PlanShape, { storage }: Pick<Reading, 'storage'>): PlanReader {
  let kept: { part: number; calls: PlannedTarget[][] } | null = null;
  return async (call) => {
    const part = partOf(rootOf(call, plan), plan);
    if (kept?.part !== part) kept = { part, calls: await readPlanPart(storage, refOf(job.description), part) };
    return targetsOf(kept.calls, call, plan) ?? [];
  };
}
