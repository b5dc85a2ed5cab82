import type { Change, DiffSummary } from '@linkhaul/schemas';
import { csvRecord } from '../results/csv.js';
import type { Piece } from '../results/forms.js';
import type { DiffField } from './fields.js';

/** How a difference is written: its summary first, then its changes, given as lines of JSON. */
export interface DiffForm {
  readonly type: string;
  readonly extension: string;
  encode(summary: DiffSummary, changes: AsyncIterable<string[]>): AsyncGenerator<Piece>;
}

export const DIFF_JSON: DiffForm = {
  type: 'application/json',
  extension: 'json',
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
  async *encode(summary, changes) {
    yield pieceOf(`${JSON.stringify(summary)}\n`, 0);
    for await (const lines of changes) yield pieceOf(`${lines.join('\n')}\n`, lines.length);
  },
};

/** Has no place for the counts: they stand in the answer's header. */
export function diffCsv(keys: readonly string[], fields: readonly DiffField[]): DiffForm {
  const names = ['before', 'after', 'delta'].flatMap((side) => fields.map(({ path }) => [side, ...path].join('__')));
  return {
    type: 'text/csv; charset=utf-8; header=present',
    extension: 'csv',
    async *encode(_summary, changes) {
      yield pieceOf(csvRecord([...keys, 'change', ...names], { spreadsheet: false }), 0);
      for await (const lines of changes) {
        const records = lines.map((line) => recordOf(JSON.parse(line), { keys, fields }));
        yield pieceOf(records.join(''), lines.length);
      }
    },
  };
}

interface CsvColumns {
  readonly keys: readonly string[];
  readonly fields: readonly DiffField[];
}

function recordOf({ key, change, before, after, delta }: Change, { keys, fields }: CsvColumns): string {
  const sides = [before, after, delta].flatMap((side) => fields.map(({ name }) => cellOf(side?.[name])));
  return csvRecord([...keys.map((name) => key[name] ?? null), change, ...sides], { spreadsheet: false });
}

function cellOf(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

function pieceOf(text: string, lines: number): Piece {
  return { bytes: Buffer.from(text), lines };
}
