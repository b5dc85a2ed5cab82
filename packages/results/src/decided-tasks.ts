import { type JobRecord, refOf } from '@linkhaul/jobs';
import { lastRunOf, type PlannedRun, type PostedTask, readTasks, runsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { planReader } from './plan.js';
import { rowsOfRoots } from './rows.js';

/** Some tasks of a job, by their numbers. */
export type NumberedTasks = ReadonlyMap<number, PostedTask>;

/** The tasks of a job that have a result. It reads each row once, where results read those of each task. */
export async function decidedTasks(job: JobRecord, reading: Reading): Promise<NumberedTasks> {
  if (!mayHaveDecided(job)) return new Map();
  return decidedOf(job, await numberedTasks(job, reading), reading);
}

/** Those of some tasks that have a result which the job's present run brought. */
export async function decidedInRun(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<NumberedTasks> {
  if (!mayHaveDecided(job)) return new Map();
  return decidedOf(job, await tasksOfRun(job, tasks, reading), reading);
}

export async function numberedTasks(
  { description }: JobRecord,
  { storage }: Pick<Reading, 'storage'>,
): Promise<NumberedTasks> {
  return new Map((await readTasks(storage, refOf(description))).entries());
}

function mayHaveDecided({ finishedAt, counts }: JobRecord): boolean {
  return finishedAt !== null || counts.pending < counts.total;
}

async function decidedOf(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<NumberedTasks> {
  if (job.finishedAt !== null || tasks.size === 0) return tasks;
  const decided = await decidedLines(job, tasks, reading);
  return new Map([...tasks].filter(([, task]) => linesOf(task).every((line) => decided.has(line))));
}

function linesOf({ firstLine, rows }: PostedTask): number[] {
  return Array.from({ length: rows }, (_, at) => firstLine + at);
}

/** Lines of root calls of which no row is pending: what a shared call has cost whom is known then. */
async function decidedLines(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<ReadonlySet<number>> {
  const lines = new Set<number>();
  if (job.plan === null) return lines;
  const asked = new Set([...tasks.values()].flatMap(linesOf));
  const targetsOf = planReader(job, job.plan, reading);
  const rowsOf = await rowsOfRoots(job, job.plan, reading);
  for (const run of runsOf(job.plan)) {
    for (const root of rootsOf(job, run)) {
      if (!(await targetsOf(root)).some(({ rows }) => rows.some(({ line }) => asked.has(line)))) continue;
      const rows = await rowsOf(root);
      if (rows.some(({ status }) => status === 'pending')) continue;
      for (const { line } of rows) lines.add(line);
    }
  }
  return lines;
}

/** The tasks of which the job's present run processes rows: of the first run, all. */
async function tasksOfRun(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<NumberedTasks> {
  const { plan } = job;
  if (job.run === 1 || plan === null) return tasks;
  const run = lastRunOf(plan);
  // It is not planned yet.
  if (run.end !== null) return new Map();
  const targetsOf = planReader(job, plan, reading);
  const lines = new Set<number>();
  for (const root of rootsOf(job, run)) {
    for (const { rows } of await targetsOf(root)) for (const { line } of rows) lines.add(line);
  }
  return new Map([...tasks].filter(([, task]) => linesOf(task).some((line) => lines.has(line))));
}

/** The root calls of a run whose part of the plan is stored. */
function* rootsOf({ storedRoots }: JobRecord, { base, roots }: PlannedRun): Generator<number> {
  const last = Math.min(base + roots, storedRoots ?? base + roots);
  for (let root = base + 1; root <= last; root++) yield root;
}
