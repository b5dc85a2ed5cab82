import { type JobRecord, refOf, type SettledCalls } from '@linkhaul/jobs';
import {
  type Answer,
  MissingObject,
  type PlannedTarget,
  type PlanShape,
  partOf,
  paths,
  readPlanPart,
  readSettledAnswer,
  rootOf,
  targetsOf,
} from '@linkhaul/storage';
import type { Reading } from './batch.js';

/** Reads the answers of settled calls; they must be there. */
export function answerReader(job: JobRecord, settled: SettledCalls, { storage }: Pick<Reading, 'storage'>) {
  const ref = refOf(job.description);
  return async (call: number): Promise<Answer> => {
    const attempt = settled.attempt(call);
    const found = await readSettledAnswer(storage, ref, { call, attempt });
    if (found.kind === 'damaged') throw new MissingObject(paths.answer(ref, call, attempt));
    return found.answer;
  };
}

/** Reads the plan part by part; calls come in order, so that one part is kept. */
export function planReader(
  job: JobRecord,
  plan: PlanShape,
  { storage }: Pick<Reading, 'storage'>,
): (call: number) => Promise<readonly PlannedTarget[]> {
  let kept: { part: number; calls: PlannedTarget[][] } | null = null;
  return async (call) => {
    const part = partOf(rootOf(call, plan), plan);
    if (kept?.part !== part) kept = { part, calls: await readPlanPart(storage, refOf(job.description), part) };
    return targetsOf(kept.calls, call, plan) ?? [];
  };
}
