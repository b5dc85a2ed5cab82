import { createNumbersOfPart, type RowNumbers } from './row-numbers.js';

/** The most rows of a part. */
const MOST_ROWS = 10_000;
/** A part is also full at this number of bytes, because rows may be long. */
const MOST_BYTES = 2 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;
/** The most bytes of UTF-8 for one UTF-16 unit of a string. */
const BYTES_PER_UNIT = 3;
/** Rows are collected up to this length before they are written: writing each by itself takes longer. */
const LETTERS_AT_ONCE = 16 * 1024;

interface RowPart {
  readonly rows: number;
  readonly isFull: boolean;
  /** The rows as lines of JSON, then their numbers. Valid until the next change. */
  bytes(): Buffer;
  add(json: string, numbers?: RowNumbers): void;
  clear(): void;
}

/** Collects the rows of one part, in a buffer that is used again for later parts. */
export function createRowPart(hasNumbers: boolean): RowPart {
  const numbers = hasNumbers ? createNumbersOfPart(MOST_ROWS) : null;
  let buffer = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  let rows = 0;
  let ahead = '';

  const reserve = (bytes: number) => {
    if (used + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, used + bytes));
    buffer.copy(larger, 0, 0, used);
    buffer = larger;
  };
  const write = () => {
    reserve(BYTES_PER_UNIT * ahead.length);
    used += buffer.write(ahead, used);
    ahead = '';
  };
  return {
    get rows() {
      return rows;
    },
    get isFull() {
      return rows >= MOST_ROWS || used + ahead.length >= MOST_BYTES;
    },
    bytes() {
      write();
      const end = numbers?.encode();
      if (end === undefined) return buffer.subarray(0, used);
      reserve(end.length);
      return buffer.subarray(0, used + end.copy(buffer, used));
    },
    add(json, rowNumbers) {
      ahead += rows++ > 0 ? `\n${json}` : json;
      if (ahead.length >= LETTERS_AT_ONCE) write();
      if (rowNumbers !== undefined) numbers?.add(rowNumbers);
    },
    clear() {
      used = 0;
      rows = 0;
      ahead = '';
      numbers?.clear();
    },
  };
}
