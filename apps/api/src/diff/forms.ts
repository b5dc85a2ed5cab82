import type { DiffField } from '@linkhaul/results';
import { type Cell, type Change, type ColumnType, type DiffSummary, rfc3339 } from '@linkhaul/schemas';
import { CSV_TYPE, type CsvOptions, csvHeader, csvRecord } from '../results/csv.js';
import type { Piece } from '../results/forms.js';

/** A format of a comparison: its summary, then its changes, which arrive as JSON lines. */
export interface DiffForm {
  readonly type: string;
  readonly extension: string;
  /** Bytes that can be sent before the counts are known. */
  readonly opening: string;
  /** Bytes that may be repeated after `opening`, to keep the connection busy until the counts are known. */
  readonly meanwhile: string;
  encode(summary: DiffSummary, changes: AsyncIterable<string[]>): AsyncGenerator<Piece>;
}

export const DIFF_JSON: DiffForm = {
  type: 'application/json',
  extension: 'json',
  opening: '',
  meanwhile: ' ',
  async *encode(summary, changes) {
    yield pieceOf(`${JSON.stringify(summary).slice(0, -1)},"changes":[`, 0);
    let joint = '';
    for await (const lines of changes) {
      yield pieceOf(joint + lines.join(','), lines.length);
      joint = ',';
    }
    yield pieceOf('],"next_cursor":null}', 0);
  },
};

export const DIFF_NDJSON: DiffForm = {
  type: 'application/x-ndjson',
  extension: 'ndjson',
  opening: '',
  meanwhile: ' ',
  async *encode(summary, changes) {
    yield pieceOf(`${JSON.stringify(summary)}\n`, 0);
    for await (const lines of changes) yield pieceOf(`${lines.join('\n')}\n`, lines.length);
  },
};

interface DiffCsv {
  readonly keys: readonly string[];
  readonly fields: readonly DiffField[];
  readonly options: CsvOptions;
}

/** CSV has no place for the counts: they are sent in a header of the answer, or in a trailer. */
export function diffCsv(csv: DiffCsv): DiffForm {
  const { keys, fields, options } = csv;
  const names = ['before', 'after', 'delta'].flatMap((side) => fields.map(({ path }) => [side, ...path].join('__')));
  return {
    type: CSV_TYPE,
    extension: 'csv',
    opening: csvHeader([...keys, 'id', 'line', 'input', 'change', ...names], options),
    meanwhile: '',
    async *encode(_summary, changes) {
      for await (const lines of changes) {
        const records = lines.map((line) => csvRecord(cellsOf(JSON.parse(line), csv), options));
        yield pieceOf(records.join(''), lines.length);
      }
    },
  };
}

function cellsOf({ key, id, line, input, change, before, after, delta }: Change, { keys, fields }: DiffCsv): Cell[] {
  const sides = [before, after, delta].flatMap((side) => fields.map(({ name, type }) => cellOf(side?.[name], type)));
  return [...keys.map((name) => key[name] ?? null), id, line, input, change, ...sides];
}

/** A value that does not have its column's type is written unchanged: CSV has no column for it. */
function cellOf(value: unknown, type: ColumnType): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return type === 'time' ? (rfc3339(value) ?? value) : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
}

export function pieceOf(text: string, lines: number): Piece {
  return { bytes: Buffer.from(text), lines };
}
