import { invalidRequest } from '../problem.js';
import { refuseUnknownField } from './fields.js';
import { judgeNames } from './json-tokens.js';
import { pointTo } from './pointers.js';

const WHOLE_NUMBERS = ['max_items_per_target', 'expect_rows', 'retention_days'];
const FLAGS = ['keep_www'];
const OBJECTS = ['params', 'webhook', 'metadata'];

/** As JSON has it. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Fields given in the query: all are text, and those that hold an object are JSON. `others` may stand there too, and were read. */
export function fieldsFromQuery(
  query: Readonly<Record<string, string>>,
  others: readonly string[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    refuseUnknownField(name, { source: 'query', others });
    fields[name] = fromText(name, text);
  }
  return fields;
}

function fromText(name: string, text: string): unknown {
  if (name === 'max_items_per_target' && text === 'null') return null;
  if (name === 'max_cost_usd' || WHOLE_NUMBERS.includes(name)) return numberFrom(name, text);
  if (OBJECTS.includes(name)) return objectFrom(name, text);
  if (!FLAGS.includes(name)) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw invalidRequest(name, 'must be true or false');
}

function numberFrom(name: string, text: string): number {
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  const isWhole = WHOLE_NUMBERS.includes(name);
  if (isWhole ? Number.isInteger(number) : Number.isFinite(number)) return number;
  const form = isWhole ? 'a whole number, such as 1000' : 'a number, such as 0.5 or 1000';
  throw invalidRequest(name, `must be ${form}${name === 'max_items_per_target' ? ', or null' : ''}`);
}

function objectFrom(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    judgeNames(text, (path) => pointTo('query', [name, ...path]));
    return value;
  } catch (error) {
    throw error instanceof SyntaxError ? invalidRequest(name, 'must be a JSON object, percent-encoded') : error;
  }
}
