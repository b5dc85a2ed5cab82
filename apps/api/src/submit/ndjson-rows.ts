import { ApiProblem } from '../problem.js';
import { unknownName } from './fields.js';
import { parseTarget, TARGET_FIELDS, TARGET_FORM } from './json-target.js';
import { createLineReader } from './lines.js';
import { type ListReader, refusedLine } from './read-list.js';
import type { ByteRange, RowSink } from './submission.js';
import { isBlank } from './text-rows.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string or `{ "target", "id" }` a line; blank lines are counted and passed over. */
export function createNdjsonReader(sink: RowSink): ListReader {
  return createLineReader((line, range) => {
    const plain = contentOfString(range);
    if (plain !== null) return sink.bytes(line, plain, null);
    if (isBlank(range)) return;
    const { target, id } = parseLine(line, range.bytes.toString('utf8', range.from, range.to));
    sink.text({ line, input: target, id });
  });
}

/** What stands between the quotes of a string without escapes; null for anything else. */
function contentOfString({ bytes, from, to }: ByteRange): ByteRange | null {
  if (to - from < 2 || bytes[from] !== QUOTE || bytes[to - 1] !== QUOTE) return null;
  for (let at = from + 1; at < to - 1; at++) {
    const code = bytes[at] ?? 0;
    if (code < 0x20 || code === QUOTE || code === BACKSLASH) return null;
  }
  return { bytes, from: from + 1, to: to - 1 };
}

/** One string each, in either order: `JSON.parse` alone would let a name stand there twice. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const OBJECT = new RegExp(
  String.raw`^\s*\{\s*"(target|id)"\s*:\s*${STRING}\s*(?:,\s*(?!"\1")"(?:target|id)"\s*:\s*${STRING}\s*)?\}\s*$`,
);

function parseLine(line: number, text: string) {
  const value = parseJson(line, text);
  const row = parseTarget(value);
  if (row !== null && (typeof value === 'string' || OBJECT.test(text))) return row;
  throw refusedLine(line, { code: 'invalid', detail: `Line ${line} ${faultOf(value)}` });
}

function faultOf(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const unknown = isObject ? Object.keys(value).find((name) => !TARGET_FIELDS.includes(name)) : undefined;
  return unknown === undefined ? `${TARGET_FORM}.` : `has \`${unknown}\`: ${unknownName(unknown, TARGET_FIELDS)}`;
}

function parseJson(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiProblem('invalid_json', `Line ${line} is not JSON: send a string or { "target", "id" } a line.`, {
      errors: [{ line, code: 'invalid_json', message: 'This line is not JSON.' }],
    });
  }
}
