import type { JobRecord } from '@linkhaul/jobs';
import type { Row } from '@linkhaul/schemas';
import { ApiProblem } from '../problem.js';
import type { Batches, Reading } from './batch.js';
import { type Cursor, START } from './cursor.js';
import { readRowStates } from './rows.js';

/** A page of so many rows and calls is found by looking at all of them; of more, pages go by call. */
const MOST_ROWS = 10_000;
const MOST_CALLS = 1000;
const ROWS_A_BATCH = 100;

/** The rows of a job for pages: in line order where the job is small. A walk that was begun in one order goes on in it. */
export async function* pagesOfRows(job: JobRecord, from: Cursor, reading: Reading): Batches<Row> {
  const isOrdered = from === START ? isSmall(job) : from.phase === 'lines';
  if (!isOrdered) return yield* readRowStates(job, from, reading);
  if (job.storedRoots !== null) throw planUnderWay();
  const rows: Row[] = [];
  for await (const { lines } of readRowStates(job, START, reading)) rows.push(...lines);
  const rest = rows.filter(({ line }) => line >= from.next).sort((a, b) => a.line - b.line);
  for (let at = 0; at < rest.length; at += ROWS_A_BATCH) {
    const lines = rest.slice(at, at + ROWS_A_BATCH);
    yield { lines, before: { ...START, phase: 'lines', next: lines[0]?.line ?? 0, skip: at === 0 ? from.skip : 0 } };
  }
  return { next: null };
}

/** All rows can be given when the plan is stored, which takes seconds. */
export function planUnderWay(): ApiProblem {
  return new ApiProblem('unavailable', 'The plan of this job is being written: ask again.', {
    headers: { 'retry-after': '1' },
  });
}

function isSmall({ counts, plan, storedRoots }: JobRecord): boolean {
  const roots = (plan?.roots ?? 0) + (plan?.later ?? []).reduce((sum, run) => sum + run.roots, 0);
  return counts.total <= MOST_ROWS && roots <= MOST_CALLS && storedRoots === null;
}
