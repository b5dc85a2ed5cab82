import { ApiProblem } from '../../problem.js';
import {
  faultOfField,
  faultOfId,
  type GivenTarget,
  MAX_ID_LENGTH,
  parseTarget,
  rowOfTarget,
  TARGET_FORM,
} from '../json/json-target.js';
import type { RowSink } from '../submission.js';
import { createLineReader } from './lines.js';
import { type ListReader, refusedLine } from './read-list.js';

/** Reads a string or `{ "target", "id" }` from each line. Blank lines are counted and skipped. */
export function createNdjsonReader(sink: RowSink): ListReader {
  return createLineReader({
    isComment: () => false,
    take(line, text) {
      sink.text(rowOfTarget(line, parseLine(line, text)));
    },
  });
}

/** Each name once, with a string, in either order: `JSON.parse` alone would accept repeated names. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
const LIST = String.raw`\[\s*(?:${STRING}\s*(?:,\s*${STRING}\s*)*)?\]`;
const VALUE = `(?:${STRING}|${LIST})`;
const OBJECT = new RegExp(
  String.raw`^\s*\{\s*"(target|id)"\s*:\s*${VALUE}\s*(?:,\s*(?!"\1")"(?:target|id)"\s*:\s*${VALUE}\s*)?\}\s*$`,
);

/** A line as programs usually write it, without escapes: it is read without a JSON parser. */
const PLAIN_STRING = /^"([^"\\\p{Cc}]*)"$/u;
const PLAIN_OBJECT = /^\{ ?"target": ?"([^"\\\p{Cc}]*)"(?:, ?"id": ?"([^"\\\p{Cc}]*)")? ?\}$/u;

function plainLine(text: string): GivenTarget | null {
  const string = PLAIN_STRING.exec(text)?.[1];
  if (string !== undefined) return { target: string, id: null };
  const [, target, id = ''] = PLAIN_OBJECT.exec(text) ?? [];
  return target === undefined || id.length > MAX_ID_LENGTH ? null : { target, id: id || null };
}

function parseLine(line: number, text: string): GivenTarget {
  const plain = plainLine(text);
  if (plain !== null) return plain;
  const value = parseJson(line, text);
  const row = parseTarget(value);
  const isPlain = typeof value === 'string' || Array.isArray(value);
  if (row !== null && (isPlain || OBJECT.test(text))) return row;
  throw refusedLine(line, { code: 'invalid', detail: `Line ${line}: ${faultOf(value)}` });
}

function faultOf(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const unknown = isObject ? Object.keys(value).find((name) => faultOfField(name) !== null) : undefined;
  if (unknown !== undefined) return `\`${unknown}\`: ${faultOfField(unknown)}`;
  return faultOfId(value) ?? `a row ${TARGET_FORM}.`;
}

function parseJson(line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiProblem('invalid_json', `Line ${line} is not JSON: send one string or { "target", "id" } per line.`, {
      errors: [{ line, code: 'invalid_json', message: 'This line is not JSON.' }],
    });
  }
}
