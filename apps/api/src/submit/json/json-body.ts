import { JSONParser } from '@streamparser/json';
import { ApiProblem, invalidRequest } from '../../problem.js';
import { rowsBeyondExpected } from '../counts.js';
import { type FieldForm, judgeField } from '../fields/fields.js';
import { WrongBytes } from '../list/decode.js';
import { MAX_LINE_LENGTH } from '../list/read-list.js';
import type { InputRow } from '../submission.js';
import { createJsonBounds, TOO_LONG } from './json-bounds.js';
import { faultOfId, parseTarget, rowOfTarget, TARGET_FORM } from './json-target.js';
import { keepMarks } from './kept-marks.js';
import { createSubmissionJudge } from './submission-tokens.js';

const MAX_LENGTH = 64 * 1024 * 1024;
export const MAX_JSON_ROWS = 100_000;

export interface JsonSubmission {
  readonly fields: Record<string, unknown>;
  /** Null if the body has no list. */
  readonly rows: readonly InputRow[] | null;
}

interface Parser {
  readonly submission: JsonSubmission;
  readonly ended: boolean;
  write(piece: string): void;
}

/** Reads a JSON submission as it streams in: an error names its byte, and no body is parsed as a whole. */
export async function readJsonBody(pieces: AsyncIterable<string>, form: FieldForm): Promise<JsonSubmission> {
  const parser = createParser(form);
  let length = 0;
  try {
    for await (const piece of pieces) {
      if (!parser.ended) parser.write(piece);
      else if (piece.trim() !== '') throw notJson(length, 'something follows the object');
      length += piece.length;
      if (length > MAX_LENGTH) throw tooLarge('64 MiB');
    }
  } catch (error) {
    throw error instanceof WrongBytes ? wrongBytes(error) : error;
  }
  if (length === 0) throw new ApiProblem('invalid_json', 'The body is empty: send a JSON object.');
  if (!parser.ended) throw notJson(length, 'it is incomplete: send all of it');
  return parser.submission;
}

function wrongBytes({ encoding, offset }: WrongBytes): ApiProblem {
  const message = `Byte ${offset} of the body is not ${encoding === 'utf-8' ? 'UTF-8' : encoding}: convert it to UTF-8.`;
  return new ApiProblem('invalid_encoding', message, { errors: [{ code: 'invalid_encoding', message }] });
}

function createParser(form: FieldForm): Parser {
  const fields: Record<string, unknown> = {};
  const rows: InputRow[] = [];
  let hasList = false;
  const parser = new JSONParser({ paths: ['$.*', `$.${form.list}.*`], keepStack: false });
  const tokens = createSubmissionJudge(form);
  const bounds = createJsonBounds();
  const marks = keepMarks();
  let tokenAt = 0;
  let counted = 0;
  let written = 0;
  /** Counts the bytes before this token towards the value that was open then, so that unfinished values are counted too. */
  const count = (to: number) => {
    if (tokens.isInList) bounds.ofRow(to - counted, tokens.place);
    else bounds.ofFields(to - counted, tokens.place);
    counted = to;
  };
  parser.onToken = ({ token, value, offset }) => {
    tokenAt = offset;
    if (offset > counted) count(offset);
    tokens.judge(token, value);
    if (tokens.isBetweenRows) bounds.rowEnds();
  };
  parser.onValue = ({ value: parsed, key, stack }) => {
    const value = marks.restore(parsed);
    if (stack.length > 1) {
      rows.push(rowOf(value, Number(key), form.list));
      judgeCount(rows.length, fields.expect_rows);
    } else if (key === form.list) {
      hasList = true;
    } else {
      fields[String(key)] = value;
      judgeField(String(key), fields, { source: 'json', form });
    }
  };
  parser.onError = (error) => {
    throw error instanceof ApiProblem ? error : notJson(tokenAt, 'it is not valid from there on', tokens.place());
  };
  return {
    get submission() {
      return { fields, rows: hasList ? rows : null };
    },
    get ended() {
      return parser.isEnded;
    },
    write(piece) {
      const text = marks.hide(piece);
      parser.write(text);
      written += Buffer.byteLength(text);
      if (!parser.isEnded) count(written);
    },
  };
}

function judgeCount(rows: number, expected: unknown): void {
  if (rows > MAX_JSON_ROWS) throw tooLarge(`${MAX_JSON_ROWS.toLocaleString('en-US')} targets`);
  if (typeof expected === 'number' && rows > expected) throw rowsBeyondExpected(expected, 'json');
}

function rowOf(value: unknown, index: number, list: string): InputRow {
  const row = parseTarget(value);
  if (row === null) throw notTarget(value, `/${list}/${index}`);
  const inputRow = rowOfTarget(index + 1, row);
  if (inputRow.input.length > MAX_LINE_LENGTH) throw invalidRequest(`/${list}/${index}`, TOO_LONG);
  return inputRow;
}

function notTarget(value: unknown, place: string): ApiProblem {
  const fault = faultOfId(value);
  return fault === null ? invalidRequest(place, TARGET_FORM) : invalidRequest(`${place}/id`, fault);
}

function notJson(offset: number, what: string, place?: string): ApiProblem {
  const message = `The body is not a JSON object near byte ${offset}: ${what}.`;
  const pointer = place !== undefined && place !== '' ? { pointer: place } : {};
  return new ApiProblem('invalid_json', message, { errors: [{ ...pointer, code: 'invalid_json', message }] });
}

function tooLarge(most: string): ApiProblem {
  return new ApiProblem(
    'body_too_large',
    `A JSON body has at most ${most}: send longer lists as text/plain with one target per line, as text/csv or as application/x-ndjson.`,
  );
}
