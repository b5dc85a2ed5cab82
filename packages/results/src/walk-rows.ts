import { type JobRecord, refOf } from '@linkhaul/jobs';
import { readInvalidRows, readRows } from '@linkhaul/storage';
import type { Batch, Line, Reading, RowForms } from './batch.js';
import { type Cursor, START } from './cursor.js';

interface WalkOptions<L extends Line> extends Pick<Reading, 'storage'> {
  readonly from: Cursor;
  readonly forms: RowForms<L>;
}

/** The invalid rows, part by part, unless the cursor is already past them. */
export async function* walkInvalid<L extends Line>(
  job: JobRecord,
  { from, forms, storage }: WalkOptions<L>,
): AsyncGenerator<Batch<L>> {
  if (from.phase !== 'invalid') return;
  const { invalidParts: parts } = job.description;
  const read = async (part: number) =>
    (await readInvalidRows(storage, refOf(job.description), part)).map((row) => forms.invalid(row));
  yield* walkParts({ phase: 'invalid', parts, from }, read);
}

/** The rows of a job that has no plan, part by part. */
export async function* walkUnplanned<L extends Line>(
  job: JobRecord,
  { from, forms, storage }: WalkOptions<L>,
): AsyncGenerator<Batch<L>> {
  const { rowParts: parts } = job.description;
  const read = async (part: number) =>
    (await readRows(storage, refOf(job.description), part)).map((row) => forms.unplanned(row));
  yield* walkParts({ phase: 'unplanned', parts, from }, read);
}

interface Parts {
  readonly phase: 'invalid' | 'unplanned';
  readonly parts: number;
  readonly from: Cursor;
}

async function* walkParts<L extends Line>(
  { phase, parts, from }: Parts,
  read: (part: number) => Promise<L[]>,
): AsyncGenerator<Batch<L>> {
  const first = from.phase === phase ? from : START;
  for (let part = first.next; part < parts; part++) {
    const skip = part === first.next ? first.skip : 0;
    yield { lines: await read(part), before: { ...START, phase, next: part, skip } };
  }
}
