/** A row of a planned call. Its texts are stored JSON in UTF-8, with one character of the string for each byte. */
export interface RowText {
  readonly line: number;
  /** The position of the row's target in the call. */
  readonly position: number;
  /** The line of the first row with the same target. Null if this is that row. */
  readonly duplicateOf: number | null;
  readonly target: string;
  readonly input: string;
  readonly id: string;
}

const [QUOTE, COMMA, ZERO, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  0x22, 0x2c, 0x30, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d,
];
const NINE = ZERO + 9;

/** The rows of a call, by line, read from the call's line of the plan without decoding or copying a text. */
export function rowTexts(bytes: Buffer): RowText[] {
  const call = { bytes, text: bytes.toString('latin1') };
  const rows: RowText[] = [];
  let isSorted = true;
  let position = -1;
  for (let at = 1; at < bytes.length; ) {
    if (bytes[at] === OPEN) at = bytes.indexOf(CLOSE, at);
    if (bytes[at++] !== OPEN_LIST) continue;
    const { row, end } = readRow(call, { at, position });
    isSorted &&= row.line > (rows.at(-1)?.line ?? 0);
    rows.push(row);
    position = row.position;
    at = end;
  }
  return isSorted ? rows : rows.sort((a, b) => a.line - b.line);
}

interface CallText {
  readonly bytes: Buffer;
  readonly text: string;
}

interface RowPlace {
  /** The place after the row's opening bracket. */
  readonly at: number;
  /** The position of the target before it. */
  readonly position: number;
}

/** Reads a row that `encodeRow` wrote: `[line,target,kind]`, in some rows followed by `input,id,first`. */
function readRow({ bytes, text }: CallText, { at, position }: RowPlace): { row: RowText; end: number } {
  const from = endOfValue(bytes, at) + 1;
  const targetEnd = endOfValue(bytes, from);
  const line = numberAt(bytes, at);
  const target = text.slice(from, targetEnd);
  const kindEnd = endOfValue(bytes, targetEnd + 1);
  if (bytes[kindEnd] === CLOSE_LIST) {
    return {
      row: { line, position: position + 1, duplicateOf: null, target, input: target, id: 'null' },
      end: kindEnd,
    };
  }
  const inputEnd = endOfValue(bytes, kindEnd + 1);
  const idEnd = endOfValue(bytes, inputEnd + 1);
  const end = endOfValue(bytes, idEnd + 1);
  const input = bytes[kindEnd + 1] === QUOTE ? text.slice(kindEnd + 1, inputEnd) : target;
  const id = text.slice(inputEnd + 1, idEnd);
  const isFirst = !isDigit(bytes[idEnd + 1]);
  const duplicateOf = isFirst ? null : numberAt(bytes, idEnd + 1);
  return { row: { line, position: isFirst ? position + 1 : position, duplicateOf, target, input, id }, end };
}

function numberAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let digit = at; isDigit(bytes[digit]); digit++) value = 10 * value + (bytes[digit] ?? ZERO) - ZERO;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** The place after a text, a number or `null`. */
function endOfValue(bytes: Buffer, at: number): number {
  let end = at;
  if (bytes[at] !== QUOTE) {
    while (end < bytes.length && bytes[end] !== COMMA && bytes[end] !== CLOSE_LIST) end++;
    return end;
  }
  for (end++; end < bytes.length && bytes[end] !== QUOTE; end++) if (bytes[end] === BACKSLASH) end++;
  return end + 1;
}
