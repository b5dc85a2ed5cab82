import type { Bindings } from './bindings.js';

/** The upstream's own names of types, as `available_filters` gives them. */
export type FieldType = 'num' | 'str' | 'time' | 'bool' | 'array.str' | 'array.num';

/**
 * What a condition or a sort may name. `sql` is made of names that stand in this program, never of a request's text.
 */
export interface Field {
  readonly type: FieldType;
  readonly sql: string;
}

/** The fields of one kind of row. A map's entries are fields too, by the map's name, a dot and a key. */
export interface FieldTable {
  readonly fields: ReadonlyMap<string, Field>;
  /** Columns that hold a JSON object; their keys are open. */
  readonly maps: ReadonlyMap<string, Field>;
  /** The name of a field that a documented example spells in another way; any other name as it is. */
  readonly alias: (name: string) => string;
}

/** Null for a name that the table does not have. A map's key is bound. */
export function fieldOf(name: string, table: FieldTable, bindings: Bindings): Field | null {
  const known = table.alias(name);
  const plain = table.fields.get(known);
  if (plain !== undefined) return plain;
  for (const [map, { type, sql }] of table.maps) {
    if (!known.startsWith(`${map}.`)) continue;
    const entry = `map_entry(${sql}, ${bindings.bind(pointerTo(known.slice(map.length + 1)))})`;
    return { type, sql: type === 'num' ? `${entry}::BIGINT` : entry };
  }
  return null;
}

/** A JSON pointer (RFC 6901) to a key of an object. */
function pointerTo(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
