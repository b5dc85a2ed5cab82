import { type JobRecord, refOf } from '@linkhaul/jobs';
import {
  callBefore,
  type PlannedTarget,
  type PlanShape,
  partOf,
  placeInPart,
  type RowText,
  readPlanLines,
  readPlanPart,
  rootOf,
  rowTexts,
  targetsOf,
} from '@linkhaul/storage';
import type { Reading } from './batch.js';

/** Reads the targets of a call. */
export type PlanReader = (call: number) => Promise<readonly PlannedTarget[]>;

/** Reads the plan part by part, and keeps the last part: calls come in order. */
export function planReader(job: JobRecord, plan: PlanShape, { storage }: Pick<Reading, 'storage'>): PlanReader {
  let kept: { part: number; calls: PlannedTarget[][] } | null = null;
  return async (call) => {
    const part = partOf(rootOf(call, plan), plan);
    if (kept?.part !== part) kept = { part, calls: await readPlanPart(storage, refOf(job.description), part) };
    return targetsOf(kept.calls, call, plan) ?? [];
  };
}

/** Reads the rows of a call as texts of the plan. Null for a half of a split call. */
export type RowTextReader = (call: number) => Promise<readonly RowText[] | null>;

export function rowTextReader(job: JobRecord, plan: PlanShape, { storage }: Pick<Reading, 'storage'>): RowTextReader {
  let kept: { part: number; lines: Promise<Buffer[]> } | null = null;
  return async (call) => {
    if (plan.kind === 'bulk' && callBefore(call, plan) !== null) return null;
    const part = partOf(rootOf(call, plan), plan);
    if (kept?.part !== part) kept = { part, lines: readPlanLines(storage, refOf(job.description), part) };
    const line = (await kept.lines)[placeInPart(call, plan)];
    return line === undefined ? [] : rowTexts(line);
  };
}
