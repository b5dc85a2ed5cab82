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
import { createLruCache } from './lru-cache.js';

/** A job whose plan is stored. */
export interface PlannedJob {
  readonly description: JobDescription;
  readonly plan: PlanShape;
}

const JOBS_KEPT = 1000;
/** The approximate memory for cached plan parts: 32 parts of domains, or a few of long URLs. */
const PARTS_KEPT_BYTES = 16 * 1024 * 1024;
/** The memory that a row takes besides its text. */
const ROW_BYTES = 400;

/** Reads a call's job and plan, and caches them: neither changes until the job is run again. */
export interface JobSource {
  /** Null if there is no such job, or it has no plan yet. */
  job(ref: JobRef): Promise<PlannedJob | null>;
  targets(ref: JobRef, plan: PlanShape, call: number): Promise<readonly PlannedTarget[]>;
}

export function createJobSource(store: JobStore, storage: Backend): JobSource {
  const jobs = createLruCache<{ run: string; planned: PlannedJob }>(JOBS_KEPT);
  const parts = createLruCache<PlannedTarget[][]>(PARTS_KEPT_BYTES);
  return {
    async job(ref) {
      // Call numbers mean something else after a retry, so the cached plan must be of the current run.
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
