import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type Batches, type Cursor, formsOf, type Reading, readRowStates, rowsOfRoots, START } from '@linkhaul/results';
import type { Row } from '@linkhaul/schemas';
import { readInvalidRows, readRows } from '@linkhaul/storage';
import { ApiProblem } from '../problem.js';
import { createLineIndexes, type LineIndex, rowFrom } from './line-index.js';
import { canBeOrdered } from './line-order.js';

const ROWS_A_BATCH = 100;
/** Neighbouring rows may be in many calls: a page that would read more is cut short, and its cursor continues there. */
const MOST_CALLS = 500;
/** How many calls' rows are kept for the next batch. */
const MOST_KEPT = 4;

/** The rows of a job for pages, in line order if there are not too many. Later pages keep the order of the first. */
export function createRowPages(reading: Reading): (job: JobRecord, from: Cursor) => Batches<Row> {
  const indexOf = createLineIndexes(reading);
  return async function* pagesOfRows(job, from) {
    const isOrdered = from === START ? job.storedRoots === null && canBeOrdered(job, 'rows') : from.phase === 'lines';
    if (!isOrdered) return yield* readRowStates(job, from, reading);
    if (job.storedRoots !== null) throw planUnderWay();
    return yield* rowsByLine({ job, from, reading, index: await indexOf(job) });
  };
}

interface Walk {
  readonly job: JobRecord;
  readonly from: Cursor;
  readonly reading: Reading;
  readonly index: LineIndex;
}

async function* rowsByLine({ job, from, reading, index }: Walk): Batches<Row> {
  const { lines } = index;
  const rowsOf = await validRows(job, index, reading);
  const invalidOf = invalidRows(job, index, reading);
  let row = rowFrom(from.next, lines);
  for (let line = from.next, first = true; ; first = false) {
    const to = Math.min(row + ROWS_A_BATCH, lines.length);
    const end = lines[to] ?? Number.POSITIVE_INFINITY;
    const valid = await rowsOf(row, to);
    if (valid === null) return { next: { ...START, phase: 'lines', next: line } };
    const all = [...valid, ...(await invalidOf(line, end))].sort((a, b) => a.line - b.line);
    yield { lines: all, before: { ...START, phase: 'lines', next: line, skip: first ? from.skip : 0 } };
    if (to === lines.length) return { next: null };
    line = end;
    row = to;
  }
}

/** Reads the valid rows from one to another; null if too many calls have been read already. */
type ValidRows = (from: number, to: number) => Promise<readonly Row[] | null>;

async function validRows(job: JobRecord, index: LineIndex, reading: Reading): Promise<ValidRows> {
  if (job.plan === null) return unplannedRows(job, index, reading);
  const rowsOf = await rowsOfRoots(job, job.plan, reading);
  let recent = new Map<number, readonly Row[]>();
  let read = 0;
  return async (from, to) => {
    const roots = new Set(index.roots.subarray(from, to));
    if (read > 0 && read + roots.size > MOST_CALLS) return null;
    const [first, last] = [index.lines[from] ?? 0, index.lines[to - 1] ?? 0];
    const before = recent;
    recent = new Map();
    const found: Row[] = [];
    for (const root of roots) {
      const known = before.get(root);
      const rows = known ?? (await rowsOf(root));
      if (known === undefined) read++;
      if (recent.size < MOST_KEPT) recent.set(root, rows);
      found.push(...rows.filter(({ line }) => line >= first && line <= last));
    }
    return found;
  };
}

function unplannedRows(job: JobRecord, { partStarts }: LineIndex, { storage }: Reading): ValidRows {
  const { unplanned } = formsOf(job);
  const rowsIn = keepingLast(async (part) => (await readRows(storage, refOf(job.description), part)).map(unplanned));
  return async (from, to) => {
    const found: Row[] = [];
    for (const [part, start] of partStarts.entries()) {
      if (start >= to || (partStarts[part + 1] ?? to) <= from) continue;
      found.push(...(await rowsIn(part)).slice(Math.max(from - start, 0), to - start));
    }
    return found;
  };
}

/** Reads the invalid rows from one line to another. */
function invalidRows(
  job: JobRecord,
  { invalidStarts }: LineIndex,
  { storage }: Reading,
): (from: number, to: number) => Promise<readonly Row[]> {
  const { invalid } = formsOf(job);
  const rowsIn = keepingLast(async (part) =>
    (await readInvalidRows(storage, refOf(job.description), part)).map(invalid),
  );
  return async (from, to) => {
    const found: Row[] = [];
    for (const [part, start] of invalidStarts.entries()) {
      if (start >= to || (invalidStarts[part + 1] ?? to) <= from) continue;
      found.push(...(await rowsIn(part)).filter(({ line }) => line >= from && line < to));
    }
    return found;
  };
}

/** Keeps the part that was read last, because the next batch usually begins in it. */
function keepingLast(read: (part: number) => Promise<readonly Row[]>): (part: number) => Promise<readonly Row[]> {
  let last = -1;
  let rows: readonly Row[] = [];
  return async (part) => {
    if (part !== last) rows = await read(part);
    last = part;
    return rows;
  };
}

/** Refuses a request for all rows while the plan is being stored, which takes seconds. */
export function planUnderWay(): ApiProblem {
  return new ApiProblem('unavailable', 'The plan of this job is being written: ask again.', {
    headers: { 'retry-after': '1' },
  });
}
