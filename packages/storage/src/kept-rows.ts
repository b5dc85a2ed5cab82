import { type RowPlace, readRowPlace } from './row-place.js';
import { ROWS_PER_PART } from './rows.js';

const NEWLINE = 0x0a;
const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((text) => text.charCodeAt(0));

/** A job's rows in memory as the bytes that are stored: 4 bytes a row more than those. Rows are counted from 0. */
export interface KeptRows {
  readonly count: number;
  /** The next part, as `readRowBytes` gives it. */
  add(bytes: Buffer): void;
  /** What planning asks of a row; the same object each time. */
  place(row: number): Readonly<RowPlace>;
  /** A call of the plan, from the rows of its targets: each target's first row, then those that share its answer. */
  call(rows: Iterable<number>): Buffer;
}

const FIRST_CALL_BYTES = 64 * 1024;

/** For so many parts of rows. */
export function createKeptRows(parts: number): KeptRows {
  const kept: Buffer[] = [];
  /** Where each row ends within its part. */
  const ends = new Int32Array(parts * ROWS_PER_PART);
  const found: RowPlace = { line: 0, first: 0, bytes: Buffer.alloc(0), from: 0, to: 0 };
  const range = { from: 0, to: 0 };
  let count = 0;
  let scratch = Buffer.allocUnsafe(FIRST_CALL_BYTES);
  const partOf = (row: number) => kept[Math.floor(row / ROWS_PER_PART)] ?? found.bytes;
  const startOf = (row: number) => (row % ROWS_PER_PART === 0 ? 0 : (ends[row - 1] ?? 0) + 1);
  const reserve = (bytes: number) => {
    if (bytes <= scratch.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * scratch.length, bytes));
    scratch.copy(larger);
    scratch = larger;
  };
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
    place(row) {
      range.from = startOf(row);
      range.to = ends[row] ?? 0;
      readRowPlace(partOf(row), range, found);
      return found;
    },
    call(rows) {
      let at = 0;
      for (const row of rows) {
        const [start, end] = [startOf(row), ends[row] ?? 0];
        reserve(at + end - start + 2);
        scratch[at] = (at === 0 ? OPEN : COMMA) ?? 0;
        at += 1 + partOf(row).copy(scratch, at + 1, start, end);
      }
      scratch[at] = CLOSE ?? 0;
      return Buffer.from(scratch.subarray(0, at + 1));
    },
  };
}
