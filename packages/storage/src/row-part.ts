import type { TargetKind } from '@linkhaul/schemas';
import { KINDS } from './row-lines.js';

/** A row whose texts are stored as they stand: UTF-8 without `"`, `\\` and control characters, the target in ASCII. */
export interface PlainRow {
  readonly line: number;
  /** The row's text is these bytes from `from` to `to`. */
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  /** Its target: the end of the text, or another text elsewhere. */
  readonly target: Buffer;
  readonly targetFrom: number;
  readonly targetTo: number;
  /** Its id is `bytes` from here to `idTo`; -1 where it has none. */
  readonly idFrom: number;
  readonly idTo: number;
  readonly kind: TargetKind;
  readonly duplicateOf: number | null;
}

interface RowPart {
  readonly rows: number;
  /** What is there, as lines of JSON; valid until the next change. */
  readonly bytes: Buffer;
  add(json: string): void;
  /** The same bytes as `add` of what `encodeRow` makes of the row. */
  addPlain(row: PlainRow): void;
  clear(): void;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const ZERO = 0x30;

/** Room for the numbers, and for what stands between. */
const FRAME_BYTES = 80;
const FIRST_BYTES = 64 * 1024;

const NULL = { bytes: Buffer.from('null'), from: 0, to: 4 };

/** The lines of one part while they come, in a buffer that is used again. */
export function createRowPart(): RowPart {
  let buffer = Buffer.allocUnsafe(FIRST_BYTES);
  let used = 0;
  let rows = 0;

  const reserve = (bytes: number) => {
    if (used + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * buffer.length, used + bytes));
    buffer.copy(larger, 0, 0, used);
    buffer = larger;
  };
  const begin = (bytes: number) => {
    reserve(bytes + 1);
    if (rows++ > 0) buffer[used++] = LINE_FEED;
  };
  return {
    get rows() {
      return rows;
    },
    get bytes() {
      return buffer.subarray(0, used);
    },
    add(json) {
      begin(3 * json.length);
      used += buffer.write(json, used);
    },
    addPlain(row) {
      begin(row.to - row.from + (row.targetTo - row.targetFrom) + (row.idTo - row.idFrom) + FRAME_BYTES);
      used = writeRow(buffer, used, row);
    },
    clear() {
      used = 0;
      rows = 0;
    },
  };
}

// Each writes something at a place of the buffer and gives the place behind it. Bytes are copied by hand: most texts are so
// short that a call into native code takes longer.

function writeRow(buffer: Buffer, place: number, row: PlainRow): number {
  let at = place;
  buffer[at++] = OPEN;
  at = writeNumber(buffer, at, row.line);
  buffer[at++] = COMMA;
  at = writeText(buffer, at, { bytes: row.target, from: row.targetFrom, to: row.targetTo });
  buffer[at++] = COMMA;
  buffer[at++] = ZERO + KINDS.indexOf(row.kind);
  if (!isTarget(row) || row.idFrom !== -1 || row.duplicateOf !== null) at = writeRest(buffer, at, row);
  buffer[at++] = CLOSE;
  return at;
}

function writeRest(buffer: Buffer, place: number, row: PlainRow): number {
  const { bytes, idFrom, idTo, duplicateOf } = row;
  let at = place;
  buffer[at++] = COMMA;
  if (isTarget(row)) buffer[at++] = ZERO;
  else at = writeText(buffer, at, row);
  buffer[at++] = COMMA;
  at = idFrom === -1 ? writeNull(buffer, at) : writeText(buffer, at, { bytes, from: idFrom, to: idTo });
  buffer[at++] = COMMA;
  return duplicateOf === null ? writeNull(buffer, at) : writeNumber(buffer, at, duplicateOf);
}

/** Whether the text is the target to the letter. */
function isTarget({ bytes, from, target, targetFrom }: PlainRow): boolean {
  return target === bytes && targetFrom === from;
}

function writeText(buffer: Buffer, place: number, text: { bytes: Buffer; from: number; to: number }): number {
  buffer[place] = QUOTE;
  const end = copyBytes(buffer, place + 1, text);
  buffer[end] = QUOTE;
  return end + 1;
}

function writeNull(buffer: Buffer, place: number): number {
  return copyBytes(buffer, place, NULL);
}

function copyBytes(
  buffer: Buffer,
  place: number,
  { bytes, from, to }: { bytes: Buffer; from: number; to: number },
): number {
  let at = place;
  for (let next = from; next < to; next++) buffer[at++] = bytes[next] ?? 0;
  return at;
}

/** The digits of a number from 0 to 2^31 - 1. */
function writeNumber(buffer: Buffer, place: number, value: number): number {
  let end = place + 1;
  for (let power = 10; power <= value; power *= 10) end++;
  let rest = value;
  for (let at = end - 1; at >= place; at--) {
    // Told to be an integer, it is divided as one: several times faster.
    const tenth = (rest / 10) | 0;
    buffer[at] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return end;
}
