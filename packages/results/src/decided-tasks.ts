import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type PostedTask, readTasks, runsOf } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { rowsOfRoots } from './rows.js';

/** The tasks of a job that have a result, by their numbers. It reads each row once, where results read those of each task. */
export async function decidedTasks(job: JobRecord, reading: Reading): Promise<Map<number, PostedTask>> {
  if (job.finishedAt === null && job.counts.done + job.counts.failed_calls === 0) return new Map();
  const tasks = [...(await readTasks(reading.storage, refOf(job.description))).entries()];
  if (job.finishedAt !== null) return new Map(tasks);
  const decided = await decidedLines(job, reading);
  return new Map(
    tasks.filter(([, { firstLine, rows }]) =>
      Array.from({ length: rows }, (_, at) => firstLine + at).every((line) => decided.has(line)),
    ),
  );
}

/** Lines of root calls of which no row is pending: what a shared call has cost whom is known then. */
async function decidedLines(job: JobRecord, reading: Reading): Promise<ReadonlySet<number>> {
  const lines = new Set<number>();
  if (job.plan === null) return lines;
  const rowsOf = await rowsOfRoots(job, job.plan, reading);
  for (const { base, roots } of runsOf(job.plan)) {
    const last = Math.min(base + roots, job.storedRoots ?? base + roots);
    for (let root = base + 1; root <= last; root++) {
      const rows = await rowsOf(root);
      if (rows.some(({ status }) => status === 'pending')) continue;
      for (const { line } of rows) lines.add(line);
    }
  }
  return lines;
}
