import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { ApiProblem } from '../problem.js';

const MAX_LINE_BYTES = 64 * 1024;

/** A batch of whole lines, the first of which has this number, counted from 1. */
export interface LineBatch {
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * Cuts bytes into lines. A line that is too long, and bytes that are not UTF-8, are refused as soon as they are seen,
 * with the number of their line.
 */
export async function* readLines(body: AsyncIterable<Buffer>): AsyncGenerator<LineBatch> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 1;
  for await (const chunk of body) {
    rest += decode(decoder, chunk, number);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield checked({ first: number, lines });
    number += lines.length;
    checked({ first: number, lines: [rest] });
  }
  rest += decode(decoder, null, number);
  if (rest !== '') yield { first: number, lines: [rest] };
}

function decode(decoder: TextDecoder, chunk: Buffer | null, line: number): string {
  try {
    return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw notUtf8(line + (chunk === null ? 0 : linesBeforeFault(chunk)));
  }
}

/** Lines of a chunk before the first that is not UTF-8. The chunk may begin within a character, which is not judged. */
function linesBeforeFault(chunk: Buffer): number {
  let lines = 0;
  for (let start = 0; start < chunk.length; lines++) {
    const end = chunk.indexOf(0x0a, start);
    if (lines > 0 && !isUtf8(chunk.subarray(start, end === -1 ? chunk.length : end))) return lines;
    if (end === -1) break;
    start = end + 1;
  }
  return 0;
}

function checked(batch: LineBatch): LineBatch {
  const long = batch.lines.findIndex((line) => line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES);
  if (long === -1) return batch;
  const line = batch.first + long;
  throw new ApiProblem('invalid_request', `Line ${line} is longer than 64 KiB: a target has at most 2,048 characters.`, {
    errors: [{ line, code: 'line_too_long', message: 'A line has at most 65,536 bytes.' }],
  });
}

function notUtf8(line: number): ApiProblem {
  return new ApiProblem('invalid_encoding', `Line ${line} holds bytes that are not UTF-8: convert the list to UTF-8.`, {
    errors: [{ line, code: 'invalid_encoding', message: 'These bytes are not UTF-8.' }],
  });
}
