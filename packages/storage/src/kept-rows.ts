import { decodeRow, type EncodedRow } from './row-lines.js';
import { ROWS_PER_PART, type ValidRow } from './rows.js';

const NEWLINE = 0x0a;
const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((text) => text.charCodeAt(0));

/** A job's rows in memory as the bytes that are stored: 4 bytes a row more than those. Rows are counted from 0. */
export interface KeptRows {
  readonly count: number;
  /** The next part, as `readRowBytes` gives it. */
  add(bytes: Buffer): void;
  row(row: number): ValidRow;
  /** A call of the plan, from the rows of its targets: each target's first row, then those that share its answer. */
  call(rows: readonly number[]): Buffer;
}

/** For so many parts of rows. */
export function createKeptRows(parts: number): KeptRows {
  const kept: Buffer[] = [];
  /** Where each row ends within its part. */
  const ends = new Int32Array(parts * ROWS_PER_PART);
  let count = 0;
  const bytesOf = (row: number) => kept[Math.floor(row / ROWS_PER_PART)] ?? Buffer.alloc(0);
  const startOf = (row: number) => (row % ROWS_PER_PART === 0 ? 0 : (ends[row - 1] ?? 0) + 1);
  const endOf = (row: number) => ends[row] ?? 0;
  return {
    get count() {
      return count;
    },
    add(bytes) {
      kept.push(bytes);
      for (let start = 0; start < bytes.length; count++) {
        const newline = bytes.indexOf(NEWLINE, start);
        const end = newline === -1 ? bytes.length : newline;
        ends[count] = end;
        start = end + 1;
      }
    },
    row(row) {
      const encoded: EncodedRow = JSON.parse(bytesOf(row).toString('utf8', startOf(row), endOf(row)));
      return decodeRow(encoded);
    },
    call(rows) {
      const call = Buffer.allocUnsafe(rows.reduce((size, row) => size + endOf(row) - startOf(row) + 1, 1));
      let at = 0;
      for (const row of rows) {
        call[at] = (at === 0 ? OPEN : COMMA) ?? 0;
        at += 1 + bytesOf(row).copy(call, at + 1, startOf(row), endOf(row));
      }
      call[at] = CLOSE ?? 0;
      return call;
    },
  };
}
