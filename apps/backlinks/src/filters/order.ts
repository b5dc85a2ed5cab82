import type { Bindings } from './bindings.js';
import { type FieldTable, fieldOf } from './fields.js';

/** The most that a request may name. */
export const MAX_RULES = 3;

/** SQL of sorting rules `field,asc` and `field,desc`; missing values come last. Null where one is none of these. */
export function compileOrder(rules: readonly string[], table: FieldTable, bindings: Bindings): string[] | null {
  if (rules.length > MAX_RULES) return null;
  const compiled = rules.map((rule) => ruleSql(rule, table, bindings)).filter((sql) => sql !== null);
  return compiled.length === rules.length ? compiled : null;
}

function ruleSql(rule: string, table: FieldTable, bindings: Bindings): string | null {
  // A map's key may hold a comma: the direction is what follows the last one.
  const [, name = '', direction = ''] = /^(.*),\s*(asc|desc)$/s.exec(rule) ?? [];
  const field = direction === '' ? null : fieldOf(name, table, bindings);
  if (field === null || field.type === 'array.str') return null;
  return `${field.sql} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`;
}
