import { type JobRecord, refOf } from '@linkhaul/jobs';
import type { Reading } from '@linkhaul/results';
import { firstPartOf, type PlannedRun, type PlanShape, readPlanLines, rowTexts, runsOf } from '@linkhaul/storage';

/** Parts of a plan that are read at once. */
const PARTS_AT_ONCE = 8;

interface Searching {
  readonly job: JobRecord;
  readonly plan: PlanShape;
  /** In the upstream's normal form. */
  readonly target: string;
}

/** Where a target's rows are in a job. */
interface FoundRoots {
  /** The root calls that ask for the target, one per run at most, of the last run first. */
  readonly roots: readonly number[];
  /** How many parts of the plan were read. */
  readonly parts: number;
}

/** Searches a job's plan for a target's bytes, without parsing any other row. */
export async function findRoots(searching: Searching, { storage }: Pick<Reading, 'storage'>): Promise<FoundRoots> {
  const { job, plan, target } = searching;
  const text = Buffer.from(JSON.stringify(target));
  const needle = Buffer.concat([Buffer.from(','), text, Buffer.from(',')]);
  const asks = (call: Buffer) =>
    call.includes(needle) && rowTexts(call).some((row) => row.target === text.toString('latin1'));
  const roots: number[] = [];
  let parts = 0;
  for (const run of [...runsOf(plan)].reverse()) {
    const all = partsOf(run, job.storedRoots);
    for (let from = 0; from < all.length; from += PARTS_AT_ONCE) {
      const some = all.slice(from, from + PARTS_AT_ONCE);
      parts += some.length;
      const calls = await Promise.all(some.map((part) => readPlanLines(storage, refOf(job.description), part)));
      const at = calls.flat().findIndex(asks);
      if (at === -1) continue;
      roots.push(run.base + from * run.callsPerPart + at + 1);
      break;
    }
  }
  return { roots, parts };
}

/** The parts of a run's plan that are stored. */
function partsOf({ run, base, roots, callsPerPart }: PlannedRun, storedRoots: number | null): number[] {
  const stored = storedRoots === null ? roots : Math.min(roots, storedRoots - base);
  return Array.from({ length: Math.max(0, Math.ceil(stored / callsPerPart)) }, (_, at) => firstPartOf(run) + at);
}
