import type { TargetKind } from '@linkhaul/schemas';
import { KINDS } from './row-lines.js';

/** A row whose text is printable ASCII without `"` and `\`: it is stored as it stands. */
export interface PlainRow {
  readonly line: number;
  /** The row's text is these bytes from `from` to `to`, and its target those from `targetFrom` to `to`. */
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
  readonly targetFrom: number;
  readonly id: string | null;
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

const NULL = Buffer.from('null');

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
  const byte = (code: number) => {
    buffer[used++] = code;
  };
  const copy = (bytes: Buffer, from: number, to: number) => {
    // By hand: most are so short that a call into native code takes longer.
    const target = buffer;
    let place = used;
    for (let at = from; at < to; at++) target[place++] = bytes[at] ?? 0;
    used = place;
  };
  const text = (bytes: Buffer, from: number, to: number) => {
    byte(QUOTE);
    copy(bytes, from, to);
    byte(QUOTE);
  };
  const number = (value: number) => {
    used = writeNumber(buffer, used, value);
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
    addPlain({ line, bytes, from, to, targetFrom, id, kind, duplicateOf }) {
      const idJson = id === null ? NULL : Buffer.from(JSON.stringify(id));
      const isShort = targetFrom === from && id === null && duplicateOf === null;
      begin(2 * (to - from) + idJson.length + FRAME_BYTES);
      byte(OPEN);
      number(line);
      byte(COMMA);
      text(bytes, targetFrom, to);
      byte(COMMA);
      byte(ZERO + KINDS.indexOf(kind));
      if (!isShort) {
        byte(COMMA);
        if (targetFrom === from) byte(ZERO);
        else text(bytes, from, to);
        byte(COMMA);
        copy(idJson, 0, idJson.length);
        byte(COMMA);
        if (duplicateOf === null) copy(NULL, 0, NULL.length);
        else number(duplicateOf);
      }
      byte(CLOSE);
    },
    clear() {
      used = 0;
      rows = 0;
    },
  };
}

/** Writes a number's digits from a place on; the place behind them. */
function writeNumber(buffer: Buffer, from: number, value: number): number {
  let to = from + 1;
  for (let power = 10; power <= value; power *= 10) to++;
  let rest = value;
  for (let at = to - 1; at >= from; at--) {
    const tenth = Math.trunc(rest / 10);
    buffer[at] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return to;
}
