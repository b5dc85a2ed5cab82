import type { JobDescription, JobStore } from '@linkhaul/jobs';
import {
  type Backend,
  type JobRef,
  lastRunOf,
  type PlannedTarget,
  type PlanShape,
  partOf,
  readPlanPart,
  rootOf,
  targetsOf,
} from '@linkhaul/storage';
import { createRecent } from './lru-cache.js';

/** A job whose plan is stored: what never changes about it. */
export interface PlannedJob {
  readonly description: JobDescription;
  readonly plan: PlanShape;
}

const JOBS_KEPT = 1000;
/** Of plans, about so much memory: 32 parts of domains, a few of long URLs. */
const PARTS_KEPT_BYTES = 16 * 1024 * 1024;
/** What a row takes beside its text. */
const ROW_BYTES = 400;

/** What a call needs to know of its job and plan; kept, because neither changes until the job is run again. */
export interface JobSource {
  /** Null where there is no such job, or no plan of it yet. */
  job(ref: JobRef): Promise<PlannedJob | null>;
  targets(ref: JobRef, plan: PlanShape, call: number): Promise<readonly PlannedTarget[]>;
}

export function createJobSource(store: JobStore, storage: Backend): JobSource {
  const jobs = createRecent<{ run: string; planned: PlannedJob }>(JOBS_KEPT);
  const parts = createRecent<PlannedTarget[][]>(PARTS_KEPT_BYTES);
  return {
    async job(ref) {
      // A number of a later run would be taken for one of an earlier: the plan must be the one of this moment.
      const run = await store.plannedRun(ref);
      const known = jobs.get(ref.id);
      if (run === null) return null;
      if (known?.run === run) return known.planned;
      const record = await store.get(ref);
      if (record?.plan == null) return null;
      const planned = { description: record.description, plan: record.plan };
      jobs.set(ref.id, { run: String(lastRunOf(record.plan).run), planned });
      return planned;
    },
    async targets(ref, plan, call) {
      const part = partOf(rootOf(call, plan), plan);
      const key = `${ref.id}/${part}`;
      let calls = parts.get(key);
      if (calls === undefined) {
        calls = await readPlanPart(storage, ref, part);
        parts.set(key, calls, memoryOf(calls));
      }
      const targets = targetsOf(calls, call, plan);
      if (targets === null) throw new Error(`the plan of ${ref.id} has no call ${call}`);
      return targets;
    },
  };
}

function memoryOf(calls: readonly (readonly PlannedTarget[])[]): number {
  let bytes = 0;
  for (const { target, rows } of calls.flat()) {
    bytes += target.length;
    for (const { input, id } of rows) bytes += ROW_BYTES + input.length + (id?.length ?? 0);
  }
  return bytes;
}
