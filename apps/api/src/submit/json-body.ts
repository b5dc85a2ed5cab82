import { JSONParser, TokenType } from '@streamparser/json';
import { z } from 'zod';
import { ApiProblem, invalidRequest } from '../problem.js';
import { refuseUnknownField } from './fields.js';
import type { InputRow } from './submission.js';

const MAX_BYTES = 64 * 1024 * 1024;
const MAX_ROWS = 100_000;
/** Deeper than any body needs, and far from what could exhaust the stack. */
const MAX_DEPTH = 32;

const target = z.union([z.string(), z.strictObject({ target: z.string(), id: z.string().max(255).optional() })]);

export interface JsonSubmission {
  readonly fields: Record<string, unknown>;
  readonly rows: readonly InputRow[];
}

/** Reads a JSON submission as it comes, so that what is wrong is said at the byte that shows it. */
export async function readJsonBody(body: AsyncIterable<Buffer>): Promise<JsonSubmission> {
  const fields: Record<string, unknown> = {};
  const rows: InputRow[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = createParser(fields, rows);
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new ApiProblem('body_too_large', 'A JSON body has at most 64 MiB: send long lists as text/plain, a target a line.');
    feed(parser, () => decoder.decode(chunk, { stream: true }));
  }
  feed(parser, () => decoder.decode());
  if (!parser.isEnded) throw new ApiProblem('invalid_json', bytes === 0 ? 'The body is empty: send a JSON object.' : 'The JSON ends before its end: send it whole.');
  return { fields, rows };
}

function feed(parser: JSONParser, decode: () => string): void {
  let text: string;
  try {
    text = decode();
  } catch {
    throw new ApiProblem('invalid_encoding', 'The body holds bytes that are not UTF-8: convert it to UTF-8.');
  }
  if (parser.isEnded) {
    if (text.trim() !== '') throw new ApiProblem('invalid_json', 'Something follows the JSON object: send one object.');
    return;
  }
  parser.write(text);
}

function createParser(fields: Record<string, unknown>, rows: InputRow[]): JSONParser {
  const parser = new JSONParser({ paths: ['$.*', '$.targets.*'], keepStack: false });
  const judge = createTokenJudge();
  parser.onToken = ({ token, value }) => judge(token, value);
  parser.onValue = ({ value, key, stack }) => {
    if (stack.length > 1) rows.push(rowOf(value, Number(key)));
    else if (key !== 'targets') fields[String(key)] = value;
    else if (!Array.isArray(value)) throw invalidRequest('/targets', 'must be a list of targets');
    if (rows.length > MAX_ROWS) {
      throw new ApiProblem('body_too_large', 'A JSON body has at most 100,000 targets: send longer lists as text/plain, a target a line.');
    }
  };
  parser.onError = (error) => {
    if (error instanceof ApiProblem) throw error;
    throw new ApiProblem('invalid_json', `The body is not valid JSON: ${error.message}`);
  };
  return parser;
}

/** Watches the tokens: the body must be an object, not too deep, and its field names must be known. */
function createTokenJudge(): (token: TokenType, value: unknown) => void {
  let depth = 0;
  let nameIsNext = false;
  return (token, value) => {
    if (depth === 0 && token !== TokenType.LEFT_BRACE) throw new ApiProblem('invalid_json', 'The body must be a JSON object.');
    if (depth === 1 && nameIsNext && token === TokenType.STRING) refuseUnknownField(String(value), ['targets']);
    const opens = token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET;
    if (opens) depth++;
    if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) depth--;
    if (depth > MAX_DEPTH) throw new ApiProblem('invalid_json', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    nameIsNext = depth === 1 && (token === TokenType.LEFT_BRACE || token === TokenType.COMMA);
  };
}

function rowOf(value: unknown, index: number): InputRow {
  const parsed = target.safeParse(value);
  if (!parsed.success) throw invalidRequest(`/targets/${index}`, 'must be a string, or { "target", "id" }');
  const row = typeof parsed.data === 'string' ? { target: parsed.data } : parsed.data;
  return { line: index + 1, input: row.target, id: 'id' in row ? (row.id ?? null) : null };
}
