import { z } from 'zod';
import { type EndpointName, endpointOf } from './endpoints/index.js';
import { upstreamTimeText } from './endpoints/metrics.js';
import { result, row } from './rows.js';
import { rfc3339 } from './times.js';
import { unwrapped } from './unwrapped.js';

/** Raise it when a line's columns or their order change, so that a loader knows which table it fills. */
export const SCHEMA_VERSION = 2;

/** `time` is RFC 3339 text; `json` is whatever has no fixed form, as JSON text. */
export type ColumnType = 'text' | 'integer' | 'number' | 'boolean' | 'time' | 'json';

export interface Column {
  /** Nested fields are joined by `__`, such as `page_summary__rank`. */
  readonly name: string;
  readonly type: ColumnType;
}

export type Cell = string | number | boolean | null;

/** How lines of one kind become cells, one per column. */
export interface Columns {
  readonly list: readonly Column[];
  /** Nothing is lost: a field of the item that has no column, or does not fit it, is in `data_extra`. */
  cellsOf(line: object): Cell[];
}

/** A field of an item, by the names on the way to it. */
export interface ItemField {
  readonly path: readonly string[];
  readonly type: ColumnType;
}

interface Leaf {
  readonly at: number;
  readonly type: ColumnType;
}

type Fields = Map<string, Leaf | Fields>;

const EXTRA = 'data_extra';
const LINE_FIELDS = Object.keys(result.shape);

/** The columns of an endpoint's results, from its item's schema. */
export function resultColumns(endpoint: EndpointName): Columns {
  const { item } = endpointOf(endpoint);
  return columnsOf(result.extend({ data: item }));
}

export const ROW_COLUMNS: Columns = columnsOf(row);

/** Every field of an endpoint's items that has a column, in order. */
export function itemFields(endpoint: EndpointName): ItemField[] {
  const walk = (schema: z.ZodObject, above: readonly string[]): ItemField[] =>
    Object.entries(schema.shape).flatMap(([name, field]) => {
      const path = [...above, name];
      const inner = unwrapped(field);
      return inner instanceof z.ZodObject ? walk(inner, path) : [{ path, type: typeOf(inner) }];
    });
  const { item } = endpointOf(endpoint);
  return item instanceof z.ZodObject ? walk(item, []) : [];
}

function columnsOf(schema: z.ZodObject): Columns {
  const list: Column[] = [];
  const fields = fieldsOf(schema, [], list);
  const extraAt = list.findIndex(({ name }) => name === EXTRA);
  return {
    list,
    cellsOf(line) {
      const cells: Cell[] = new Array(list.length).fill(null);
      const rest = place(line, fields, cells);
      const extra = extraAt === -1 ? undefined : rest?.find(([name]) => name === 'data')?.[1];
      if (extra !== undefined) cells[extraAt] = JSON.stringify(extra);
      return cells;
    },
  };
}

function fieldsOf(schema: z.ZodObject, above: readonly string[], list: Column[]): Fields {
  const fields: Fields = new Map();
  for (const [name, field] of Object.entries(schema.shape)) {
    const path = [...above, name];
    const inner = unwrapped(field);
    if (inner instanceof z.ZodObject) {
      fields.set(name, fieldsOf(inner, path, list));
      if (path.length === 1 && name === 'data') list.push({ name: EXTRA, type: 'json' });
    } else {
      const type = typeOf(inner);
      fields.set(name, { at: list.length, type });
      list.push({ name: nameOf(path), type });
    }
  }
  return fields;
}

/** An item's fields have no prefix, except those that the line has too: `data__target` is the item's own. */
function nameOf([first, ...rest]: readonly string[]): string {
  if (first !== 'data') return [first, ...rest].join('__');
  const name = rest.join('__');
  return LINE_FIELDS.includes(name) ? `data__${name}` : name;
}

type Entries = [name: string, value: unknown][];

/** Puts values into their cells. Returns what has no cell. */
function place(value: object, fields: Fields, cells: Cell[]): Entries | null {
  const rest: Entries = [];
  for (const [name, field] of Object.entries(value)) {
    const at = fields.get(name);
    const left = at === undefined ? field : placeField(field, at, cells);
    if (left !== undefined) rest.push([name, left]);
  }
  return rest.length === 0 ? null : rest;
}

/** The part of a field that has no cell. Undefined if all of it has one. */
function placeField(field: unknown, at: Leaf | Fields, cells: Cell[]): unknown {
  if (field === null) return undefined;
  if (at instanceof Map) {
    if (!isObject(field)) return field;
    const inner = place(field, at, cells);
    return inner === null ? undefined : Object.fromEntries(inner);
  }
  const cell = cellOf(field, at.type);
  if (cell === null) return field;
  cells[at.at] = cell;
  return undefined;
}

/** Null if the value is not of the column's type. */
function cellOf(value: unknown, type: ColumnType): Cell {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : null;
    case 'time':
      return typeof value === 'string' ? rfc3339(value) : null;
    case 'integer':
      return Number.isSafeInteger(value) ? Number(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'json':
      return JSON.stringify(value);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(schema: z.core.$ZodType): ColumnType {
  if (schema instanceof z.ZodISODateTime || schema === upstreamTimeText) return 'time';
  if (schema instanceof z.ZodNumberFormat) return 'integer';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  const isText = schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodLiteral;
  return isText ? 'text' : 'json';
}
