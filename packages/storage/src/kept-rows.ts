import { type RowPlace, readRowPlace } from './row-place.js';

const NEWLINE = 0x0a;
const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((text) => text.charCodeAt(0));

/** A job's rows in memory: the stored bytes, and 4 more for each row. Rows are counted from 0. */
export interface KeptRows {
  readonly count: number;
  /** The lines of the next part. */
  add(lines: Buffer): void;
  /** What planning needs to know of a row. Returns the same object each time. */
  place(row: number): Readonly<RowPlace>;
  /**
   * A call of the plan, from the rows of its targets: each target's first row, then the rows that share its answer. A row
   * can be in one call only: the memory of a part is freed once all its rows are in calls.
   */
  call(rows: Iterable<number>): Buffer;
}

const FIRST_CALL_BYTES = 64 * 1024;
const NOTHING: Buffer = Buffer.alloc(0);

/** `capacity`: the most rows. */
export function createKeptRows(capacity: number): KeptRows {
  const kept: Buffer[] = [];
  /** The first row of each part. */
  const firsts: number[] = [];
  /** The number of rows of each part that are in no call yet. */
  const left: number[] = [];
  /** Where each row ends within its part. */
  const ends = new Int32Array(capacity);
  const found: RowPlace = { line: 0, first: 0 };
  const range = { part: 0, bytes: NOTHING, from: 0, to: 0 };
  let count = 0;
  let scratch = Buffer.allocUnsafe(FIRST_CALL_BYTES);
  const find = (row: number) => {
    const part = partOf(firsts, row);
    range.part = part;
    range.bytes = kept[part] ?? NOTHING;
    range.from = row === firsts[part] ? 0 : (ends[row - 1] ?? 0) + 1;
    range.to = ends[row] ?? 0;
    return range;
  };
  const take = (part: number) => {
    const rows = (left[part] ?? 0) - 1;
    left[part] = rows;
    if (rows === 0) kept[part] = NOTHING;
  };
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
    add(lines) {
      kept.push(lines);
      firsts.push(count);
      for (let start = 0; start < lines.length; count++) {
        if (count === capacity) throw new Error(`more than the ${capacity} rows are stored that were counted`);
        const newline = lines.indexOf(NEWLINE, start);
        const end = newline === -1 ? lines.length : newline;
        ends[count] = end;
        start = end + 1;
      }
      left.push(count - (firsts.at(-1) ?? 0));
    },
    place(row) {
      readRowPlace(find(row), found);
      return found;
    },
    call(rows) {
      let at = 0;
      for (const row of rows) {
        const { part, bytes, from, to } = find(row);
        if (to > bytes.length) throw new Error(`row ${row} is in a call already`);
        reserve(at + to - from + 2);
        scratch[at] = (at === 0 ? OPEN : COMMA) ?? 0;
        at += 1 + bytes.copy(scratch, at + 1, from, to);
        take(part);
      }
      scratch[at] = CLOSE ?? 0;
      return Buffer.from(scratch.subarray(0, at + 1));
    },
  };
}

/** The last part that begins at this row or before it. */
function partOf(firsts: readonly number[], row: number): number {
  let [from, to] = [0, firsts.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if ((firsts[middle] ?? 0) <= row) from = middle;
    else to = middle;
  }
  return from;
}
