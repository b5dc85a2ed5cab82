import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiProblem } from '../problem.js';
import type { RowSink } from './submission.js';
import { faultInUtf8 } from './utf8.js';

export const MAX_LINE_BYTES = 64 * 1024;

/** The numbers of lines are kept in 32 bits; nothing but blank lines comes so far. */
const MAX_LINES = 2 ** 31 - 1;

/** Reads one form of list. */
export interface ListReader {
  /** The number, from 1, of the line in which the next byte stands. */
  readonly line: number;
  /** Takes whole rows from the beginning of the bytes, the last one too when nothing follows; how many bytes it took. */
  read(bytes: Buffer, isLast: boolean): number;
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const NOTHING = Buffer.alloc(0);

/**
 * Gives a body to a reader, piece by piece. A row that is too long, and bytes that are not UTF-8, are refused as soon as
 * they are seen, with the number of their line. A byte order mark at the start is left out.
 */
export async function readList(body: AsyncIterable<Buffer>, reader: ListReader, sink: RowSink): Promise<void> {
  let rest: Buffer = NOTHING;
  let isStart = true;
  for await (const chunk of body) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (isStart && isWithin(BYTE_ORDER_MARK, bytes)) {
      rest = bytes;
      continue;
    }
    if (isStart) bytes = withoutMark(bytes);
    isStart = false;
    judgeText(bytes, reader, false);
    rest = bytes.subarray(reader.read(bytes, false));
    if (rest.length > MAX_LINE_BYTES) throw tooLong(reader.line);
    if (reader.line > MAX_LINES) throw new ApiProblem('body_too_large', 'The list has too many lines: split it.');
    await sink.ready();
    // Others get their turn also when the next piece is there already.
    await nextTurn();
  }
  judgeText(rest, reader, true);
  if (rest.length > 0) reader.read(rest, true);
  await sink.ready();
}

/** Whether the bytes may still become the mark. */
function isWithin(mark: Buffer, bytes: Buffer): boolean {
  return bytes.length < mark.length && mark.subarray(0, bytes.length).equals(bytes);
}

function withoutMark(bytes: Buffer): Buffer {
  const begins = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
  return begins ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
}

function judgeText(bytes: Buffer, { line: first }: ListReader, isLast: boolean): void {
  const fault = faultInUtf8(bytes, isLast);
  if (fault === null) return;
  const line = first + fault.lines;
  throw new ApiProblem('invalid_encoding', `Line ${line} holds bytes that are not UTF-8: convert the list to UTF-8.`, {
    errors: [{ line, code: 'invalid_encoding', message: 'These bytes are not UTF-8.' }],
  });
}

export function tooLong(line: number): ApiProblem {
  return refusedLine(line, {
    code: 'line_too_long',
    detail: `Line ${line} is longer than 64 KiB: end each line with LF or CRLF. A target has at most 2,048 characters.`,
    message: 'A line has at most 65,536 bytes.',
  });
}

/** A list that cannot be read on from this line. */
export function refusedLine(
  line: number,
  { code, detail, message = detail }: { code: string; detail: string; message?: string },
): ApiProblem {
  return new ApiProblem('invalid_request', detail, { errors: [{ line, code, message }] });
}
