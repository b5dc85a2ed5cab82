import { ApiProblem } from '../problem.js';
import { createUtf8Reader, NotUtf8 } from './utf8.js';

export const MAX_LINE_BYTES = 64 * 1024;

/** A batch of whole lines, the first of which has this number, counted from 1. */
interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * Cuts bytes into lines. A line that is too long, and bytes that are not UTF-8, are refused as soon as they are seen,
 * with the number of their line.
 */
export async function* readLines(body: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
  const reader = createUtf8Reader();
  let rest = '';
  let number = 1;
  for await (const chunk of body) {
    rest += judged(number, () => reader.read(chunk));
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield checked({ first: number, lines });
    number += lines.length;
    checked({ first: number, lines: [rest] });
  }
  judged(number, () => reader.end());
  if (rest !== '') yield { first: number, lines: [rest] };
}

function judged<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof NotUtf8 ? notUtf8(line + error.lines) : error;
  }
}

function checked(batch: LineBatch): LineBatch {
  const long = batch.lines.findIndex(isTooLong);
  if (long === -1) return batch;
  const line = batch.first + long;
  throw new ApiProblem(
    'invalid_request',
    `Line ${line} is longer than 64 KiB: a target has at most 2,048 characters.`,
    {
      errors: [{ line, code: 'line_too_long', message: 'A line has at most 65,536 bytes.' }],
    },
  );
}

/** The cheap comparison rules out nearly every line. */
function isTooLong(line: string): boolean {
  return line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES;
}

function notUtf8(line: number): ApiProblem {
  return new ApiProblem('invalid_encoding', `Line ${line} holds bytes that are not UTF-8: convert the list to UTF-8.`, {
    errors: [{ line, code: 'invalid_encoding', message: 'These bytes are not UTF-8.' }],
  });
}
