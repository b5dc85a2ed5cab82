import { type JobRecord, refOf } from '@linkhaul/jobs';
import { lastRunOf, type PlannedRun, type PostedTask, readTasks, runsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { planReader } from './plan.js';
import { rowsOfRoots } from './rows.js';

/** Some tasks of a job, by their numbers. */
export type NumberedTasks = ReadonlyMap<number, PostedTask>;

/** The tasks of a job that have a result. Reads each row once, where one task's result reads its calls. */
export async function decidedTasks(job: JobRecord, reading: Reading): Promise<NumberedTasks> {
  if (!mayHaveDecided(job)) return new Map();
  return decidedOf(job, await numberedTasks(job, reading), reading);
}

/** The tasks among `tasks` whose result came in the job's current run. */
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

/** The lines of root calls without a pending row. Only then is it known how the cost of a shared call is divided. */
async function decidedLines(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<ReadonlySet<number>> {
  const lines = new Set<number>();
  if (job.plan === null) return lines;
  const linesOfTasks = new Set([...tasks.values()].flatMap(linesOf));
  const targetsOf = planReader(job, job.plan, reading);
  const rowsOf = await rowsOfRoots(job, job.plan, reading);
  for (const run of runsOf(job.plan)) {
    for (const root of rootsOf(job, run)) {
      if (!(await targetsOf(root)).some(({ rows }) => rows.some(({ line }) => linesOfTasks.has(line)))) continue;
      const rows = await rowsOf(root);
      if (rows.some(({ status }) => status === 'pending')) continue;
      for (const { line } of rows) lines.add(line);
    }
  }
  return lines;
}

/** The tasks with rows in the job's current run. The first run has rows of all tasks. */
async function tasksOfRun(job: JobRecord, tasks: NumberedTasks, reading: Reading): Promise<NumberedTasks> {
  const { plan } = job;
  if (job.run === 1 || plan === null) return tasks;
  const run = lastRunOf(plan);
  // The run is not planned yet.
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
