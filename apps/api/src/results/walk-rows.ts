import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type InvalidRow, readInvalidRows, readRows, type ValidRow } from '@linkhaul/storage';
import { type Cursor, START } from './cursor.js';
import type { Reading } from './walk.js';

interface RowBatch<T> {
  readonly rows: readonly T[];
  readonly before: Cursor;
  readonly after: Cursor;
}

/** The rows that were never asked, part by part. */
export function walkInvalid(job: JobRecord, from: Cursor, { storage }: Pick<Reading, 'storage'>): AsyncGenerator<RowBatch<InvalidRow>> {
  const { invalidParts } = job.description;
  const ref = refOf(job.description);
  return walkParts({ phase: 'invalid', parts: invalidParts, from }, (part) => readInvalidRows(storage, ref, part));
}

/** The rows of a job that has no plan, part by part. */
export function walkUnplanned(job: JobRecord, from: Cursor, { storage }: Pick<Reading, 'storage'>): AsyncGenerator<RowBatch<ValidRow>> {
  const { rowParts } = job.description;
  const ref = refOf(job.description);
  return walkParts({ phase: 'unplanned', parts: rowParts, from }, (part) => readRows(storage, ref, part));
}

interface Parts {
  readonly phase: 'invalid' | 'unplanned';
  readonly parts: number;
  readonly from: Cursor;
}

async function* walkParts<T>({ phase, parts, from }: Parts, read: (part: number) => Promise<T[]>): AsyncGenerator<RowBatch<T>> {
  const first = from.phase === phase ? from : START;
  for (let part = first.next; part < parts; part++) {
    const skip = part === first.next ? first.skip : 0;
    const last = part + 1 === parts;
    const after: Cursor = last && phase === 'invalid' ? { ...START, phase: 'calls' } : { ...START, phase, next: part + 1 };
    yield { rows: await read(part), before: { ...START, phase, next: part, skip }, after };
  }
}
