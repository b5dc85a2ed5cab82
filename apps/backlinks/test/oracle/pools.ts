import type { FieldList, FieldType, Value } from './fields.js';
import { fieldOf, valueAt } from './filter.js';
import type { Item } from './links.js';

/** A field that may be named, its type, and values that it really has. */
export interface Pool {
  readonly name: string;
  readonly type: FieldType;
  readonly values: readonly Value[];
}

const MOST_VALUES = 40;

/** What a field without any value is asked for. */
const NO_VALUE: Readonly<Record<FieldType, Value>> = {
  num: 1,
  str: 'one',
  array: 'one',
  numbers: 1,
  bool: true,
  time: '2024-02-29 12:00:00 +00:00',
};

/** Each field, and the first keys of each map. */
export function namesIn(items: readonly Item[], { fields, maps }: FieldList, keys: number): string[] {
  const named = [...maps.keys()].flatMap((map) =>
    keysOf(items, map)
      .slice(0, keys)
      .map((key) => `${map}.${key}`),
  );
  return [...fields.keys(), ...named];
}

/** A field's other name, where it has one. */
export function otherName(name: string): string {
  return name.replace(/^(?:meta|page_summary)\./, '').replace(/_types\.anchor$/, '_types.anchors');
}

export function poolOf(items: readonly Item[], known: FieldList, name: string): Pool {
  const { type, path } = fieldOf(name, known);
  const all = items.flatMap((item) => valueAt(item, path));
  const values = spread([...new Set(all)].filter((value) => value !== null)).slice(0, MOST_VALUES);
  return { name, type, values: values.length === 0 ? [NO_VALUE[type]] : values };
}

/** The same things in an order in which neighbours come far apart, always the same. */
export function spread<T>(things: readonly T[]): T[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  const placed = things.map((thing, index) => ({ thing, at: (index * golden) % 1 }));
  return placed.toSorted((a, b) => a.at - b.at).map(({ thing }) => thing);
}

function keysOf(items: readonly Item[], map: string): string[] {
  const keys = items.flatMap((item) => {
    const value = valueAt(item, map.split('.'));
    return value === null || typeof value !== 'object' ? [] : Object.keys(value);
  });
  return [...new Set(keys)];
}
