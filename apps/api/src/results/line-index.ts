import { type JobRecord, refOf } from '@linkhaul/jobs';
import type { Reading } from '@linkhaul/results';
import {
  firstPartOf,
  type PlanShape,
  readInvalidRows,
  readLineNumbers,
  readPlanLines,
  rowTexts,
  runsOf,
} from '@linkhaul/storage';

/** Where the rows of a job are stored, by line. It takes twelve bytes per row. */
export interface LineIndex {
  /** The lines of the valid rows, in order. */
  readonly lines: Float64Array;
  /** The root call that decides each of these rows; 0 if the job has no plan. */
  readonly roots: Int32Array;
  /** The first row of each part of the valid rows, counted from 0. */
  readonly partStarts: readonly number[];
  /** The first line of each part of the invalid rows. */
  readonly invalidStarts: readonly number[];
}

/** How many indexes are kept for further pages. Each may have a million rows. */
const MOST_KEPT = 4;

/** Makes a job's index when its first page is read, and keeps the most recently used indexes. */
export function createLineIndexes({ storage }: Pick<Reading, 'storage'>): (job: JobRecord) => Promise<LineIndex> {
  const kept = new Map<string, Promise<LineIndex>>();
  return (job) => {
    const { description, plan } = job;
    const name = `${description.id} ${plan === null ? 0 : runsOf(plan).length}`;
    const index = kept.get(name) ?? readIndex(job, storage);
    kept.delete(name);
    kept.set(name, index);
    index.catch(() => kept.delete(name));
    const [oldest] = kept.keys();
    if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    return index;
  };
}

async function readIndex(job: JobRecord, storage: Reading['storage']): Promise<LineIndex> {
  const { counts, description, plan } = job;
  const ref = refOf(description);
  const all = new Float64Array(counts.total);
  const partStarts: number[] = [];
  let count = 0;
  for (let part = 0; part < description.rowParts; part++) {
    partStarts.push(count);
    for (const line of await readLineNumbers(storage, ref, part)) all[count++] = line;
  }
  const invalidStarts: number[] = [];
  for (let part = 0; part < description.invalidParts; part++) {
    const [first] = await readInvalidRows(storage, ref, part);
    invalidStarts.push(first?.line ?? 0);
  }
  const lines = all.subarray(0, count);
  const roots = new Int32Array(count);
  if (plan !== null) await addRoots(job, { plan, lines, roots, storage });
  return { lines, roots, partStarts, invalidStarts };
}

interface Adding extends Pick<LineIndex, 'lines' | 'roots'> {
  readonly plan: PlanShape;
  readonly storage: Reading['storage'];
}

/** A later run decides the rows that it asks again, so later runs overwrite earlier ones. */
async function addRoots(job: JobRecord, { plan, lines, roots, storage }: Adding): Promise<void> {
  for (const { run, base, roots: calls, callsPerPart } of runsOf(plan)) {
    for (let first = 0; first < calls; first += callsPerPart) {
      const part = firstPartOf(run) + first / callsPerPart;
      const planned = await readPlanLines(storage, refOf(job.description), part);
      let row = -1;
      for (const [at, call] of planned.entries()) {
        for (const { line } of rowTexts(call)) {
          row = lines[row + 1] === line ? row + 1 : rowFrom(line, lines);
          roots[row] = base + first + at + 1;
        }
      }
    }
  }
}

/** The first row on this line or after it. */
export function rowFrom(line: number, lines: Float64Array): number {
  let [from, to] = [0, lines.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((lines[middle] ?? 0) < line) from = middle + 1;
    else to = middle;
  }
  return from;
}
