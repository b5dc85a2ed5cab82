import { z } from 'zod';
import type { Field, FieldList, FieldType, Value } from './fields.js';
import { compareTexts } from './metrics.js';

const condition = z.tuple([z.string(), z.string(), z.unknown()]);
const list = z.array(z.unknown());

const OPPOSITE: Readonly<Record<string, string>> = {
  '<>': '=',
  has_not: 'has',
  not_in: 'in',
  not_like: 'like',
  not_ilike: 'ilike',
  not_match: 'match',
  not_regex: 'regex',
};

/** Whether an item meets a filter: a condition, or a list of filters with `and` or `or` between any two. */
export function meets(item: Value, filter: readonly unknown[], known: FieldList): boolean {
  if (typeof filter[0] === 'string') return meetsCondition(item, condition.parse(filter), known);
  let some = false;
  let all = true;
  for (const part of filter) {
    if (part === 'and') continue;
    if (part !== 'or') all = meets(item, list.parse(part), known) && all;
    else {
      some ||= all;
      all = true;
    }
  }
  return some || all;
}

/** A field by its full name, by its name without prefix, or by a map's name and a key. */
export function fieldOf(name: string, { fields, maps }: FieldList): Field {
  for (const prefix of ['', 'meta.', 'page_summary.']) {
    const type = fields.get(prefix + name);
    if (type) return { type, path: (prefix + name).split('.') };
    for (const [map, held] of maps) {
      if (!`${prefix}${name}`.startsWith(`${map}.`)) continue;
      const key = `${prefix}${name}`.slice(map.length + 1);
      const isPlural = map.endsWith('referring_links_types') && key === 'anchors';
      return { type: held, path: [...map.split('.'), isPlural ? 'anchor' : key] };
    }
  }
  throw new Error(`no field ${name}`);
}

/** The value at the end of a path, or those of the elements of a list; null where there is none. */
export function valueAt(item: Value, path: readonly string[]): Value {
  let value = item;
  for (const name of path) {
    if (value !== null && typeof value === 'object' && isList(value)) return value.map((one) => valueAt(one, [name]));
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return null;
    value = value[name] ?? null;
  }
  return value;
}

export function compareValues(a: Value, b: Value): number {
  return typeof a === 'string' && typeof b === 'string' ? compareTexts(a, b) : Number(a) - Number(b);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function meetsCondition(item: Value, [name, operator, wanted]: z.infer<typeof condition>, known: FieldList): boolean {
  const { type, path } = fieldOf(name, known);
  const value = valueAt(item, path);
  if (wanted === null) return operator === '=' ? value === null : value !== null;
  if (value === null) return false;
  const values = isList(value) ? value : [value];
  const opposite = OPPOSITE[operator];
  const test = (one: Value) => passes(one, opposite ?? operator, { type, wanted });
  return opposite === undefined ? values.some(test) : !values.some(test);
}

function passes(one: Value, operator: string, { type, wanted }: { type: FieldType; wanted: unknown }): boolean {
  if (operator === 'in') return list.parse(wanted).some((each) => passes(one, '=', { type, wanted: each }));
  const order = compareValues(one, readAs(type, wanted));
  if (operator === '=' || operator === 'has') return order === 0;
  if (operator === '<') return order < 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  if (operator === '>=') return order >= 0;
  return fits(String(one), operator, String(wanted));
}

function readAs(type: FieldType, wanted: unknown): Value {
  if (type === 'num' || type === 'numbers') return Number(wanted);
  if (type === 'bool') return String(wanted) === 'true';
  const text = String(wanted);
  return type === 'time' && text.length === 10 ? `${text} 00:00:00 +00:00` : text;
}

function fits(text: string, operator: string, wanted: string): boolean {
  if (operator === 'like') return isLike(text, wanted);
  if (operator === 'ilike') return isLike(text.toLowerCase(), wanted.toLowerCase());
  if (operator === 'regex') return new RegExp(wanted, 'u').test(text);
  if (operator === 'match') return wordsOf(wanted).every((word) => wordsOf(text).includes(word));
  throw new Error(`no operator ${operator}`);
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('%').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'su').test(text);
}

export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
