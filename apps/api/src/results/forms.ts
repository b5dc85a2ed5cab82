import { type Batches, type Line, ndjsonOf, type StatusFilter } from '@linkhaul/results';
import { type Columns, type EndpointName, isObject, mapsToPairs } from '@linkhaul/schemas';
import { CSV_TYPE, type CsvOptions, csvHeader, csvRecord } from './csv.js';
import { inLineOrder } from './line-order.js';

/** Some whole lines, encoded, and their number. */
export interface Piece {
  readonly bytes: Buffer;
  readonly lines: number;
}

export type Lines = AsyncIterable<readonly Line[]>;

/** How lines are encoded. The same lines always give the same bytes, so an interrupted download can be resumed. */
export interface Form {
  readonly name: 'ndjson' | 'ndjson-pairs' | 'csv' | 'csv-spreadsheet' | 'parquet';
  readonly type: string;
  readonly extension: string;
  /** False for a form with its own compression. */
  readonly gzip: boolean;
  encode(lines: Lines): AsyncGenerator<Piece>;
}

/** Enough lines to compress well. A batch may have far more: a thousand items for each of many rows. */
const LINES_A_PIECE = 1000;
/** The client waits for the first piece, so it is small and comes from the first batch alone. */
const FIRST_LINES = 100;

/** The lines that pass the filter, in groups. How they are grouped depends only on the lines. */
export async function* linesOf(batches: Batches, filter: StatusFilter): AsyncGenerator<readonly Line[]> {
  let open: Line[] = [];
  let most = FIRST_LINES;
  for await (const { lines } of batches) {
    for (const line of lines) {
      if (!filter(line.status)) continue;
      open.push(line);
      if (open.length < most) continue;
      yield open;
      open = [];
      most = LINES_A_PIECE;
    }
    if (most === LINES_A_PIECE || open.length === 0) continue;
    yield open;
    open = [];
    most = LINES_A_PIECE;
  }
  if (open.length > 0) yield open;
}

export const NDJSON: Form = {
  name: 'ndjson',
  type: 'application/x-ndjson',
  extension: 'ndjson',
  gzip: true,
  async *encode(lines) {
    for await (const some of lines) yield { bytes: ndjsonOf(some), lines: some.length };
  },
};

/** NDJSON whose maps are written as lists of pairs. */
export function pairsForm(endpoint: EndpointName): Form {
  const toPairs = mapsToPairs(endpoint);
  const shown = (name: string, value: unknown) => (name === 'data' && isObject(value) ? toPairs(value) : value);
  const pairedText = (line: Line) =>
    JSON.stringify(Object.fromEntries(Object.entries(line).map(([name, value]) => [name, shown(name, value)])));
  return {
    ...NDJSON,
    name: 'ndjson-pairs',
    async *encode(lines) {
      for await (const some of lines) {
        yield { bytes: Buffer.from(`${some.map(pairedText).join('\n')}\n`), lines: some.length };
      }
    },
  };
}

/** The same form, but with lines in input order. */
export function ordered(form: Form): Form {
  return { ...form, encode: (lines) => form.encode(inLineOrder(lines)) };
}

export function csvForm(columns: Columns, options: CsvOptions): Form {
  return {
    name: options.spreadsheet ? 'csv-spreadsheet' : 'csv',
    type: CSV_TYPE,
    extension: 'csv',
    gzip: true,
    async *encode(lines) {
      const names = columns.list.map(({ name }) => name);
      yield { bytes: Buffer.from(csvHeader(names, options)), lines: 0 };
      for await (const some of lines) {
        const records = some.map((line) => csvRecord(columns.cellsOf(line), options));
        yield { bytes: Buffer.from(records.join('')), lines: some.length };
      }
    },
  };
}
