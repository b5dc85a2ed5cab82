import type { JobRecord } from '@linkhaul/jobs';
import { endpointOf, type ItemKey, isObject, itemKeyOf, type Result, type Row } from '@linkhaul/schemas';
import type { Batches, Line, Reading } from '../batch.js';
import { START } from '../cursor.js';
import { readResults } from '../results.js';
import { readRowStates } from '../rows.js';
import { type DiffField, valueAt } from './fields.js';
import type { DiffRecord, DiffRow } from './record.js';

interface Comparing {
  readonly fields: readonly DiffField[];
  readonly reading: Reading;
}

/** Everything that a job knows of its targets now. Rows with the same target give one record. */
export async function* recordsOf(job: JobRecord, { fields, reading }: Comparing): AsyncGenerator<DiffRecord[]> {
  const endpoint = endpointOf(job.description.endpoint);
  const valuesOf = (data: Result['data']) => (data === null ? null : fields.map(({ path }) => valueAt(data, path)));
  const key = itemKeyOf(endpoint);
  if (key === null) {
    // A row that is being run again has no result: without a record its target would look as if it had not been submitted.
    if (job.finishedAt === null) yield* mapped(readRowStates(job, START, reading), openRecord);
    yield* mapped(readResults(job, START, reading), (line) => targetRecord(line, valuesOf(line.data)));
    return;
  }
  // The row, not its items, says whether a list is complete.
  yield* mapped(readRowStates(job, START, reading), (line) => targetRecord(line, null));
  yield* mapped(readResults(job, START, reading), (line) => itemRecord(line, key, valuesOf));
}

function targetRecord(line: Result | Row, values: DiffRecord['values']): DiffRecord | null {
  const { target, status, duplicate_of } = line;
  if (target === null || duplicate_of !== null) return null;
  const isWhole = !('truncated' in line) || line.truncated === null;
  return { target, item: null, row: rowOf(line), known: isWhole && (status === 'ok' || status === 'empty'), values };
}

function rowOf({ id, line, input }: Result | Row): DiffRow {
  return { id, line, input };
}

function openRecord(row: Row): DiffRecord | null {
  return row.status === 'pending' ? targetRecord(row, null) : null;
}

function itemRecord(
  line: Result,
  key: ItemKey,
  valuesOf: (data: Result['data']) => DiffRecord['values'],
): DiffRecord | null {
  const { target, data, duplicate_of } = line;
  if (target === null || !isObject(data) || duplicate_of !== null) return null;
  return { target, item: key.partsOf(data), row: rowOf(line), known: true, values: valuesOf(data) };
}

async function* mapped<L extends Line>(
  batches: Batches<L>,
  toRecord: (line: L) => DiffRecord | null,
): AsyncGenerator<DiffRecord[]> {
  for await (const { lines } of batches) yield lines.map(toRecord).filter((record) => record !== null);
}
