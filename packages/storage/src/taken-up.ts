import type { Backend } from './backend.js';
import { firstPartOf, type PlannedRun, type PlanShape, runOf, runsOf } from './call-numbers.js';
import type { JobRef } from './paths.js';
import { type PlannedTarget, readPlanPart } from './plans.js';

interface Search {
  readonly plan: PlanShape;
  readonly call: number;
  /** The lines to search for, all of rows of the call. */
  readonly lines: ReadonlySet<number>;
}

/** The root calls of later runs that took up rows of a call, by line and in order. Reads the plans of those runs whole. */
export async function takenUp(
  backend: Backend,
  job: JobRef,
  { plan, call, lines }: Search,
): Promise<ReadonlyMap<number, readonly number[]>> {
  const found = new Map<number, number[]>();
  const own = runOf(call, plan).run;
  for (const run of runsOf(plan).filter((one) => one.run > own)) {
    for await (const { root, targets } of rootCalls(backend, job, run)) {
      const wanted = targets.flatMap(({ rows }) => rows).filter(({ line }) => lines.has(line));
      for (const { line } of wanted) found.set(line, [...(found.get(line) ?? []), root]);
    }
  }
  return found;
}

async function* rootCalls(
  backend: Backend,
  job: JobRef,
  { run, base, roots, callsPerPart }: PlannedRun,
): AsyncGenerator<{ root: number; targets: readonly PlannedTarget[] }> {
  for (let first = 0; first < roots; first += callsPerPart) {
    const calls = await readPlanPart(backend, job, firstPartOf(run) + first / callsPerPart);
    for (const [at, targets] of calls.entries()) yield { root: base + first + at + 1, targets };
  }
}
