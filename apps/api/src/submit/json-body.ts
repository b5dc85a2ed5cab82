import { JSONParser } from '@streamparser/json';
import { ApiProblem, invalidRequest } from '../problem.js';
import { rowsBeyondExpected } from './counts.js';
import { judgeField } from './fields.js';
import { parseTarget, TARGET_FORM } from './json-target.js';
import { MAX_LINE_BYTES } from './read-list.js';
import type { InputRow } from './submission.js';
import { createSubmissionJudge } from './submission-tokens.js';
import { createUtf8Reader, NotUtf8 } from './utf8.js';

const MAX_BYTES = 64 * 1024 * 1024;
export const MAX_ROWS = 100_000;

export interface JsonSubmission {
  readonly fields: Record<string, unknown>;
  readonly rows: readonly InputRow[];
}

interface Parser {
  readonly submission: JsonSubmission;
  readonly ended: boolean;
  /** Takes the next bytes, which begin at this offset of the body. */
  write(chunk: Buffer, offset: number): void;
}

/** Reads a JSON submission as it comes, so that what is wrong is said at the byte that shows it. */
export async function readJsonBody(body: AsyncIterable<Buffer>): Promise<JsonSubmission> {
  const utf8 = createUtf8Reader();
  const parser = createParser();
  let bytes = 0;
  for await (const chunk of body) {
    const text = judged(() => utf8.read(chunk));
    if (!parser.ended) parser.write(chunk, bytes);
    else if (text.trim() !== '') throw notJson(bytes, 'something follows the object');
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw tooLarge('64 MiB');
  }
  judged(() => utf8.end());
  if (bytes === 0) throw new ApiProblem('invalid_json', 'The body is empty: send a JSON object.');
  if (!parser.ended) throw notJson(bytes, 'it ends before its end: send it whole');
  return parser.submission;
}

function judged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    const message = `Byte ${error.offset} of the body is not UTF-8: convert it to UTF-8.`;
    throw new ApiProblem('invalid_encoding', message, { errors: [{ code: 'invalid_encoding', message }] });
  }
}

function createParser(): Parser {
  const fields: Record<string, unknown> = {};
  const rows: InputRow[] = [];
  const parser = new JSONParser({ paths: ['$.*', '$.targets.*'], keepStack: false });
  keepMarks(parser);
  const { judge, place } = createSubmissionJudge();
  let tokenAt = 0;
  parser.onToken = ({ token, value, offset }) => {
    tokenAt = offset;
    judge(token, value);
  };
  parser.onValue = ({ value, key, stack }) => {
    if (stack.length > 1) {
      rows.push(rowOf(value, Number(key)));
      judgeCount(rows.length, fields.expect_rows);
    } else if (key !== 'targets') {
      fields[String(key)] = value;
      judgeField(String(key), fields);
    }
  };
  parser.onError = (error) => {
    throw error instanceof ApiProblem ? error : notJson(tokenAt, 'it is not valid from there on', place());
  };
  return {
    submission: { fields, rows },
    get ended() {
      return parser.isEnded;
    },
    write(chunk, offset) {
      parser.write(chunk);
      // A string is buffered until it ends: one that does not end must not fill the memory.
      if (offset + chunk.length - tokenAt > 2 * MAX_LINE_BYTES) throw invalidRequest(place(), 'is longer than 64 KiB');
    },
  };
}

/**
 * The parser decodes a string in pieces, and each without a U+FEFF at its beginning, as if it were a byte order mark: what
 * was left out would depend on where the body was cut. It has no option for that.
 */
function keepMarks(parser: JSONParser): void {
  const decoders = within(within(parser, 'tokenizer'), 'bufferedString');
  if (!(within(decoders, 'decoder') instanceof TextDecoder)) throw new Error('the JSON parser decodes otherwise now');
  Reflect.set(decoders, 'decoder', new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }));
}

function within(object: object, name: string): object {
  const value: unknown = Reflect.get(object, name);
  if (typeof value !== 'object' || value === null) throw new Error(`the JSON parser has no ${name}`);
  return value;
}

function judgeCount(rows: number, expected: unknown): void {
  if (rows > MAX_ROWS) throw tooLarge('100,000 targets');
  if (typeof expected === 'number' && rows > expected) throw rowsBeyondExpected(expected, 'json');
}

function rowOf(value: unknown, index: number): InputRow {
  const row = parseTarget(value);
  if (row === null) throw invalidRequest(`/targets/${index}`, TARGET_FORM);
  if (Buffer.byteLength(row.target) > MAX_LINE_BYTES)
    throw invalidRequest(`/targets/${index}`, 'is longer than 64 KiB');
  return { line: index + 1, input: row.target, id: row.id };
}

function notJson(offset: number, what: string, place?: string): ApiProblem {
  const message = `The body is not a JSON object near byte ${offset}: ${what}.`;
  const pointer = place !== undefined && place !== '' ? { pointer: place } : {};
  return new ApiProblem('invalid_json', message, { errors: [{ ...pointer, code: 'invalid_json', message }] });
}

function tooLarge(most: string): ApiProblem {
  return new ApiProblem(
    'body_too_large',
    `A JSON body has at most ${most}: send longer lists as text/plain, a target a line, as text/csv or as application/x-ndjson.`,
  );
}
