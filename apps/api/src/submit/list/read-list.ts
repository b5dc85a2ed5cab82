import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiProblem } from '../../problem.js';
import type { RowSink } from '../submission.js';
import { WrongBytes } from './decode.js';
import { countLineEnds } from './line-ends.js';

/** The longest line, or record of a CSV, in characters. */
export const MAX_LINE_LENGTH = 64 * 1024;

/** Line numbers are kept in 32 bits. Only a list of blank lines could exceed them. */
const MAX_LINES = 2 ** 31 - 1;

/** Reads one form of list. */
export interface ListReader {
  /** The line, from 1, of the next character. */
  readonly line: number;
  /** The most characters that may be held until the rest of their record arrives. */
  readonly mostHeld: number;
  /** Lines read so far that are not rows. */
  readonly passed: { readonly blank: number; readonly comments: number };
  /** Reads the whole rows at the beginning of the text; the last row too if no text follows. Returns the characters read. */
  read(text: string, isLast: boolean): number;
}

/**
 * Feeds a list's text to a reader, piece by piece. A row that is too long, or wrong bytes, are refused as soon as they are seen,
 * with their line.
 */
export async function readList(pieces: AsyncIterable<string>, reader: ListReader, sink: RowSink): Promise<void> {
  let rest = '';
  try {
    for await (const piece of inTurns(pieces)) {
      const text = rest + piece;
      rest = text.slice(reader.read(text, false));
      if (rest.length > reader.mostHeld) throw tooLong(reader.line);
      if (reader.line > MAX_LINES) throw new ApiProblem('body_too_large', 'The list has too many lines: split it.');
      await sink.ready();
      // Other requests get their turn even if the next piece is already here.
      await nextTurn();
    }
  } catch (error) {
    throw error instanceof WrongBytes ? wrongBytes(reader.line + countLineEnds(rest), error) : error;
  }
  reader.read(rest, true);
  await sink.ready();
}

/** Few enough characters not to block other requests, even in the slowest case, when all lines are short and invalid. */
const LENGTH_OF_TURN = 8 * 1024;

async function* inTurns(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += LENGTH_OF_TURN) yield piece.slice(at, at + LENGTH_OF_TURN);
  }
}

function wrongBytes(line: number, { encoding }: WrongBytes): ApiProblem {
  const way =
    encoding === 'utf-8'
      ? 'convert the list to UTF-8, or name what it is with `charset=` in Content-Type, such as windows-1252'
      : '`charset=` in Content-Type names another encoding than the list has';
  return new ApiProblem('invalid_encoding', `Line ${line} holds bytes that are not ${encoding}: ${way}.`, {
    errors: [{ line, code: 'invalid_encoding', message: `These bytes are not ${encoding}.` }],
  });
}

/** Why a list may have come as one line. */
export const LINES_LOST = "curl's -d removes line ends: send a file with --data-binary.";

export function tooLong(line: number): ApiProblem {
  return refusedLine(line, {
    code: 'line_too_long',
    detail: `Line ${line} is longer than 65,536 characters: end each line with LF, CRLF or CR. ${LINES_LOST}`,
    message: 'A line has at most 65,536 characters.',
  });
}

/** Refuses a list that cannot be read beyond this line. */
export function refusedLine(
  line: number,
  { code, detail, message = detail }: { code: string; detail: string; message?: string },
): ApiProblem {
  return new ApiProblem('invalid_request', detail, { errors: [{ line, code, message }] });
}
