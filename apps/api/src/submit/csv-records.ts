import { MAX_LINE_BYTES, refusedLine } from './read-list.js';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** The fields of the record that was found last: the places of their text, quotes left out. Used again for the next. */
export interface CsvRecord {
  readonly bytes: Buffer;
  readonly fields: number;
  /** A field's text stands from `froms[n]` to `tos[n]`; where it is escaped, each `""` in it is one `"`. */
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  readonly escaped: readonly boolean[];
}

interface CsvRecords {
  readonly record: CsvRecord;
  /** The number of the line in which the next record begins. */
  readonly line: number;
  /**
   * Finds the record that begins at a place: where the next one begins. -1 where it is not whole yet; the next look at it
   * begins anew. Throws for a record that no more bytes can mend.
   */
  next(bytes: Buffer, from: number, isLast: boolean): number;
}

/** Comma-separated values as RFC 4180 has them, LF and CRLF alike: a quoted field may hold commas, quotes and lines. */
export function createCsvRecords(): CsvRecords {
  const froms: number[] = [];
  const tos: number[] = [];
  const escaped: boolean[] = [];
  const record: { -readonly [Key in keyof CsvRecord]: CsvRecord[Key] } = {
    bytes: Buffer.alloc(0),
    fields: 0,
    froms,
    tos,
    escaped,
  };
  let line = 1;
  let linesInside = 0;
  /** Whether the text in quotes that was read last has two of them for one. */
  let hasPairs = false;

  const note = (from: number, to: number, isEscaped: boolean) => {
    const field = record.fields++;
    froms[field] = from;
    tos[field] = to;
    escaped[field] = isEscaped;
  };
  /** The place of the comma or the line feed after the field, the end of the bytes where nothing follows, or -1. */
  const unquoted = (bytes: Buffer, from: number, isLast: boolean): number => {
    let at = from;
    while (at < bytes.length && bytes[at] !== COMMA && bytes[at] !== LINE_FEED) at++;
    if (at === bytes.length && !isLast) return -1;
    const endsLine = bytes[at] !== COMMA && at > from && bytes[at - 1] === RETURN;
    note(from, endsLine ? at - 1 : at, false);
    return at;
  };
  /** The first quote from a place on that is not one of two; the end of the bytes, or the place behind it, where none is. */
  const closingQuote = (bytes: Buffer, from: number): number => {
    hasPairs = false;
    let at = from;
    for (; at < bytes.length; at++) {
      const code = bytes[at];
      if (code === LINE_FEED) linesInside++;
      if (code !== QUOTE) continue;
      if (bytes[at + 1] !== QUOTE) break;
      hasPairs = true;
      at++;
    }
    return at;
  };
  const quoted = (bytes: Buffer, from: number, isLast: boolean): number => {
    const opened = line + linesInside;
    const at = closingQuote(bytes, from + 1);
    // More than a record may have is refused without waiting for its end.
    if (at >= bytes.length && (isLast || at - from > MAX_LINE_BYTES)) throw unclosed(opened);
    // A quote at the end of what has come may be the first half of two.
    const end = endOfField(bytes, at + 1, isLast);
    if (end === null) throw strayText(line + linesInside);
    if (end !== -1) note(from + 1, at, hasPairs);
    return end;
  };
  const endRecord = (from: number, end: number) => {
    if (end - from > MAX_LINE_BYTES) throw recordTooLong(line);
    line += linesInside + 1;
    return end + 1;
  };
  return {
    record,
    get line() {
      return line;
    },
    next(bytes, from, isLast) {
      record.bytes = bytes;
      record.fields = 0;
      linesInside = 0;
      for (let at = from; ; at++) {
        at = bytes[at] === QUOTE ? quoted(bytes, at, isLast) : unquoted(bytes, at, isLast);
        if (at === -1) return -1;
        if (bytes[at] !== COMMA) return Math.min(endRecord(from, at), bytes.length);
      }
    },
  };
}

/** Where the field that ends here is followed by a comma or a line's end: -1 where that has not come, null where it is not. */
function endOfField(bytes: Buffer, at: number, isLast: boolean): number | null {
  const after = bytes[at] === RETURN ? at + 1 : at;
  if (after >= bytes.length) return isLast ? bytes.length : -1;
  if (bytes[after] === LINE_FEED || (after === at && bytes[at] === COMMA)) return after;
  return null;
}

function unclosed(line: number) {
  return refusedLine(line, {
    code: 'csv_quote',
    detail: `The quote that is opened on line ${line} is not closed within 64 KiB: close it, or write a quote within a field twice.`,
    message: 'This quote is not closed.',
  });
}

function strayText(line: number) {
  return refusedLine(line, {
    code: 'csv_quote',
    detail: `On line ${line} text follows a closing quote: put a comma there, or write a quote within a field twice.`,
    message: 'Text follows a closing quote.',
  });
}

function recordTooLong(line: number) {
  return refusedLine(line, {
    code: 'line_too_long',
    detail: `The record that begins on line ${line} is longer than 64 KiB.`,
    message: 'A record has at most 65,536 bytes.',
  });
}
