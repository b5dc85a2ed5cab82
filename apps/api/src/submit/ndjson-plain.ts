import { endOfPlainText } from './plain-text.js';
import type { ByteRange, ReusedRow } from './submission.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const TARGET = Buffer.from('"target"');
const ID = Buffer.from('"id"');

/** In bytes, of which a character has one or more: a longer id has to be counted. */
const MAX_ID_BYTES = 255;

/**
 * Finds target and id in a line as nearly every writer of JSON has it: a string, or an object, without escapes in its
 * strings and with nothing but spaces between them. False says nothing: the line may be a row all the same.
 */
export function readPlainLine({ bytes, from, to }: ByteRange, row: ReusedRow): boolean {
  row.bytes = bytes;
  row.from = -1;
  row.idFrom = -1;
  row.idTo = -1;
  if (bytes[from] === OPEN) {
    const end = afterMembers(bytes, from, row);
    // No text is no id.
    if (row.idFrom === row.idTo) row.idFrom = row.idTo = -1;
    return end === to && row.from !== -1;
  }
  row.from = from + 1;
  row.to = to - 1;
  return bytes[from] === QUOTE && bytes[to - 1] === QUOTE && endOfPlainText(bytes, from + 1, to) === to - 1;
}

/** The place behind the object that begins at a place; -1 where it is none of these. */
function afterMembers(bytes: Buffer, from: number, row: ReusedRow): number {
  let at = from;
  do {
    at = afterMember(bytes, afterSpace(bytes, at + 1), row);
    if (at === -1) return -1;
  } while (bytes[at] === COMMA);
  return bytes[at] === CLOSE ? at + 1 : -1;
}

/** The place of what follows the name and the string that begin at a place. */
function afterMember(bytes: Buffer, from: number, row: ReusedRow): number {
  const isTarget = startsWith(bytes, from, TARGET);
  if (!isTarget && !startsWith(bytes, from, ID)) return -1;
  const colon = afterSpace(bytes, from + (isTarget ? TARGET.length : ID.length));
  const open = afterSpace(bytes, colon + 1);
  if (bytes[colon] !== COLON || bytes[open] !== QUOTE) return -1;
  // A line feed ends it too.
  const close = endOfPlainText(bytes, open + 1, bytes.length);
  // A name that is there twice is refused, by who says why.
  if (bytes[close] !== QUOTE || (isTarget ? row.from : row.idFrom) !== -1) return -1;
  if (!isTarget && close - open - 1 > MAX_ID_BYTES) return -1;
  note(row, { isTarget, from: open + 1, to: close });
  return afterSpace(bytes, close + 1);
}

function note(row: ReusedRow, { isTarget, from, to }: { isTarget: boolean; from: number; to: number }): void {
  if (isTarget) {
    row.from = from;
    row.to = to;
  } else {
    row.idFrom = from;
    row.idTo = to;
  }
}

function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === SPACE) at++;
  return at;
}

function startsWith(bytes: Buffer, from: number, text: Buffer): boolean {
  for (let at = 0; at < text.length; at++) if (bytes[from + at] !== text[at]) return false;
  return true;
}
