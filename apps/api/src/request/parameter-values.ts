import type { DocumentParameter, ResolvedSchema, Schemas } from './json-schemas.js';
import { judgeNames } from './json-tokens.js';
import { pointTo } from './pointers.js';
import { resolveSchema } from './shown-parameters.js';

/** Turns the text of a query parameter into the value that the documentation shows. */
export interface ParameterReader {
  /** Undefined if the text has another form, such as `x` where a number is shown. */
  read(text: string): unknown;
  /** What to send, such as "must be a whole number from 1 to 1000"; null if only the schema's own message can tell. */
  readonly expected: string | null;
}

/** A number as JSON writes it. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

export function createParameterReader(parameter: DocumentParameter, { components }: Schemas): ParameterReader {
  const { name, schema, content } = parameter;
  if (content !== undefined) {
    const { type } = resolveSchema(content['application/json']?.schema ?? {}, components);
    const what = type === 'array' ? 'a JSON list' : 'a JSON object';
    return { read: (text) => jsonOf(name, text), expected: `must be ${what}, percent-encoded` };
  }
  const shown = resolveSchema(schema ?? {}, components);
  if (shown.type === 'array') {
    const items = resolveSchema(shown.items ?? {}, components);
    return { read: (text) => text.split(','), expected: listOf(items.enum) };
  }
  const choices = (shown.anyOf ?? [shown]).map((choice) => resolveSchema(choice, components));
  const canBeNull = choices.some(({ type }) => type === 'null');
  const [main = shown] = choices;
  return {
    read: (text) => (canBeNull && text === 'null' ? null : scalarOf(text, main)),
    expected: expectedOf(main)?.concat(canBeNull ? ', or null' : '') ?? null,
  };
}

function scalarOf(text: string, { type }: ResolvedSchema): unknown {
  if (type === 'boolean') return FLAGS.get(text);
  if (type !== 'integer' && type !== 'number') return text;
  const number = NUMBER.test(text) ? Number(text) : Number.NaN;
  const fits = type === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
  return fits ? number : undefined;
}

/** Refuses a name with two values: `JSON.parse` would silently keep the last one. */
function jsonOf(name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    judgeNames(text, (path) => pointTo('query', [name, ...path]));
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function expectedOf({ type, enum: names, const: only, minimum, maximum }: ResolvedSchema): string | null {
  const bounds = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : null;
  switch (type) {
    case 'boolean':
      return 'must be true or false';
    case 'integer':
      return `must be a whole number${bounds ?? ', such as 1000'}`;
    case 'number':
      return `must be a number${bounds ?? (minimum === undefined ? ', such as 0.5 or 1000' : `, ${minimum} or more`)}`;
    default:
      if (only !== undefined) return `must be ${only}`;
      return names === undefined ? null : `must be one of ${names.join(', ')}`;
  }
}

function listOf(names: readonly unknown[] | undefined): string | null {
  return names === undefined ? null : `must be some of ${names.join(', ')}, separated by commas`;
}
