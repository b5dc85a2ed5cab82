import type { Nanos, TargetKind } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import { firstPartOf } from './call-numbers.js';
import { getLines, putLines } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** A row as its call knows it. */
export interface PlannedRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

/** One target of a call, and every row that asks for it: the first row buys it, the others share its answer. */
export interface PlannedTarget {
  readonly target: string;
  readonly kind: TargetKind;
  readonly rows: readonly [PlannedRow, ...PlannedRow[]];
  /** What its rows have from the runs before: items of a list, and their share of what was paid. */
  readonly before?: EarlierRuns;
}

export interface EarlierRuns {
  readonly items: number;
  readonly cost: Nanos;
}

/** A bulk call fills a part by itself; calls of one target are kept a thousand to a part. */
export const CALLS_PER_PART = { bulk: 1, list: 1000 } as const;

/** Writes a plan's calls in order, part by part; the number of calls. Writing it again gives the same bytes. */
export async function writePlan(
  backend: Backend,
  job: JobRef,
  plan: { calls: Iterable<readonly PlannedTarget[]>; callsPerPart: number; run?: number },
): Promise<number> {
  let lines: string[] = [];
  let calls = 0;
  let parts = firstPartOf(plan.run ?? 1);
  for (const targets of plan.calls) {
    calls++;
    lines.push(JSON.stringify(targets));
    if (lines.length === plan.callsPerPart) {
      await putLines(backend, paths.plan(job, parts++), lines);
      lines = [];
    }
  }
  if (lines.length > 0) await putLines(backend, paths.plan(job, parts), lines);
  return calls;
}

/** The root calls of one part of a plan, in order. */
export async function readPlanPart(backend: Backend, job: JobRef, part: number): Promise<PlannedTarget[][]> {
  return (await getLines(backend, paths.plan(job, part))).map((line): PlannedTarget[] => JSON.parse(line));
}
