import { judgeNames } from '../submit/json-tokens.js';
import { pointTo } from '../submit/pointers.js';
import { resolveSchema } from './parameters.js';
import type { DocumentParameter, ResolvedSchema, Schemas } from './schemas.js';

/** Turns the text of a query parameter into the value that the parameter's documentation describes. */
export interface ParameterReader {
  /** Undefined for a text that has another form, such as `x` where the documentation shows a number. */
  read(text: string): unknown;
  /** What to send, such as "must be a whole number from 1 to 1000"; null where the documentation does not say it all. */
  readonly expected: string | null;
}

/** A number as JSON writes it. */
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

const FLAGS: Readonly<Record<string, boolean>> = { true: true, false: false };

export function createParameterReader(parameter: DocumentParameter, { components }: Schemas): ParameterReader {
  const { name, schema, content } = parameter;
  if (content !== undefined) {
    return { read: (text) => jsonOf(name, text), expected: 'must be a JSON object, percent-encoded' };
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
  if (type === 'integer' || type === 'number') return NUMBER.test(text) ? Number(text) : undefined;
  return type === 'boolean' ? FLAGS[text] : text;
}

/** `JSON.parse` takes the last of two values with one name: that is refused. */
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
  if (type === 'boolean') return 'must be true or false';
  if (type === 'integer' || type === 'number') {
    const kind = type === 'integer' ? 'a whole number' : 'a number';
    if (minimum === undefined) return `must be ${kind}, such as ${type === 'integer' ? '1000' : '0.5 or 1000'}`;
    return maximum === undefined
      ? `must be ${kind}, ${minimum} or more`
      : `must be ${kind} from ${minimum} to ${maximum}`;
  }
  if (only !== undefined) return `must be ${only}`;
  return names === undefined ? null : `must be one of ${names.join(', ')}`;
}

function listOf(names: readonly unknown[] | undefined): string | null {
  return names === undefined ? null : `must be some of ${names.join(', ')}, separated by commas`;
}
