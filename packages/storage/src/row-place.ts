import { decodeRow } from './row-lines.js';

/** What planning needs to know of a stored row. */
export interface RowPlace {
  line: number;
  /** The line of the first row with its target. 0 if this is that row. */
  first: number;
}

/** The bytes of a row: those of its part from `from` to `to`. */
interface RowRange {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const CLOSE = 0x5d;
/** A row's target is followed by its quote, a comma and the kind, one digit. Most rows end there. */
const AFTER_TARGET = 3;

/** Reads a row from the bytes of its part, without making a string or an object of it. */
export function readRowPlace({ bytes: part, from, to }: RowRange, place: RowPlace): void {
  let at = from + 1;
  let line = 0;
  for (let code = part[at] ?? COMMA; code !== COMMA; code = part[++at] ?? COMMA) line = 10 * line + code - ZERO;
  let end = at + 2;
  for (let code = part[end]; code !== QUOTE; code = part[++end]) {
    if (code === BACKSLASH || end >= to) {
      readEscaped(part.toString('utf8', from, to), place);
      return;
    }
  }
  place.line = line;
  place.first = part[end + AFTER_TARGET] === CLOSE ? 0 : numberBefore(part, to - 1);
}

/** The number that ends at a place. 0 if there is none. */
function numberBefore(part: Buffer, end: number): number {
  let value = 0;
  let unit = 1;
  for (let at = end - 1; ; at--) {
    const code = part[at] ?? 0;
    if (code < ZERO || code > NINE) return value;
    value += unit * (code - ZERO);
    unit *= 10;
  }
}

function readEscaped(json: string, place: RowPlace): void {
  const { line, duplicateOf } = decodeRow(JSON.parse(json));
  place.line = line;
  place.first = duplicateOf ?? 0;
}
