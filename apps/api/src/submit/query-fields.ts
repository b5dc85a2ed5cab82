import { invalidRequest } from '../problem.js';
import { refuseUnknownField } from './fields.js';

const NUMBERS = ['max_items_per_target', 'expect_rows', 'max_cost_usd', 'retention_days'];
const FLAGS = ['keep_www'];
const OBJECTS = ['params', 'webhook', 'metadata'];

/** Fields given in the query: all are text, and those that hold an object are JSON. */
export function fieldsFromQuery(query: Readonly<Record<string, string>>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    refuseUnknownField(name, { source: 'query' });
    fields[name] = fromText(name, text);
  }
  return fields;
}

function fromText(name: string, text: string): unknown {
  if (NUMBERS.includes(name) && /^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (name === 'max_items_per_target' && text === 'null') return null;
  if (FLAGS.includes(name) && (text === 'true' || text === 'false')) return text === 'true';
  if (!OBJECTS.includes(name)) return text;
  try {
    return JSON.parse(text, (key, value) => {
      if (key === '__proto__') throw invalidRequest(name, '`__proto__` is not taken as a name in it');
      return value;
    });
  } catch (error) {
    throw error instanceof SyntaxError ? invalidRequest(name, 'must be a JSON object, percent-encoded') : error;
  }
}
