import { decimalOf } from './decimal.js';

/** Options that have another form in the service's queries. False is left out, as is everything that is undefined. */
const FLAGS = new Map<string, [string, string]>([
  ['spreadsheet', ['spreadsheet', '1']],
  ['probe', ['probe', '1']],
  ['empty', ['empty', '1']],
  ['go', ['go', '1']],
  ['includeSame', ['include', 'same']],
]);

/**
 * Options as a query: `{ groupBy: ['tag', 'day'], minOk: 0.9 }` is `group_by=tag,day&min_ok=0.9`, and
 * `{ metadata: { team: 'seo' } }` is `metadata[team]=seo`.
 */
export function queryOf(options: object): URLSearchParams {
  return new URLSearchParams(entriesOf(options).flatMap(([name, value]) => pairsOf(name, value)));
}

/** The fields of a submission whose body is the list itself: objects travel as JSON. */
export function fieldsQuery(fields: object): URLSearchParams {
  const pairs = entriesOf(fields).filter(([, value]) => value !== undefined);
  const textual = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : textOf(value));
  return new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, textual(value)]));
}

/** Options by the service's names. */
export function jsonFields(options: object): Record<string, unknown> {
  return Object.fromEntries(entriesOf(options).map(([name, value]) => [snakeCase(name), value]));
}

function entriesOf(options: object): [string, unknown][] {
  return Object.entries(options);
}

function pairsOf(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  const flag = FLAGS.get(name);
  if (flag !== undefined) return value === true ? [flag] : [];
  if (Array.isArray(value)) return [[snakeCase(name), value.join(',')]];
  if (typeof value !== 'object' || value === null) return [[snakeCase(name), textOf(value)]];
  return entriesOf(value).map(([key, one]) => [`${name}[${key}]`, textOf(one)]);
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? decimalOf(value) : String(value);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
