import { z } from 'zod';
import { ApiProblem } from '../problem.js';
import { createLineReader } from './lines.js';
import { readPlainLine } from './ndjson-plain.js';
import { type ListReader, refusedLine } from './read-list.js';
import { createReusedRow, type RowSink } from './submission.js';
import { isBlank } from './text-rows.js';

/** A string or `{ "target", "id" }` a line; blank lines are counted and passed over. */
export function createNdjsonReader(sink: RowSink): ListReader {
  const row = createReusedRow();
  return createLineReader((line, range) => {
    if (readPlainLine(range, row)) return sink.bytes(line, row);
    if (isBlank(range)) return;
    const { target, id = null } = parseLine(line, range.bytes.toString('utf8', range.from, range.to));
    sink.text({ line, input: target, id });
  });
}

const object = z.strictObject({ target: z.string(), id: z.string().max(255).optional() });
const row = z.union([z.string().transform((target) => ({ target, id: undefined })), object]);

/** One string each, in either order: `JSON.parse` alone would let a name stand there twice. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const OBJECT = new RegExp(
  String.raw`^\s*\{\s*"(target|id)"\s*:\s*${STRING}\s*(?:,\s*(?!"\1")"(?:target|id)"\s*:\s*${STRING}\s*)?\}\s*$`,
);

function parseLine(line: number, text: string): z.infer<typeof row> {
  const value = parseJson(line, text);
  const parsed = row.safeParse(value);
  if (parsed.success && (typeof value === 'string' || OBJECT.test(text))) return parsed.data;
  throw refusedLine(line, {
    code: 'invalid',
    detail: `Line ${line} must be a string, or { "target", "id" } with each name once and an id of at most 255 characters.`,
  });
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
