import type { Bindings } from './bindings.js';
import { type Field, type FieldTable, fieldOf } from './fields.js';

/** One rule of a sort. */
export interface SortRule {
  readonly field: Field;
  readonly falling: boolean;
}

/** Compiles sorting rules `field,asc` and `field,desc`. Null if one is invalid. */
export function compileOrder(rules: readonly string[], table: FieldTable, bindings: Bindings): SortRule[] | null {
  const compiled = rules.map((rule) => ruleOf(rule, table, bindings)).filter((rule) => rule !== null);
  return compiled.length === rules.length ? compiled : null;
}

function ruleOf(rule: string, table: FieldTable, bindings: Bindings): SortRule | null {
  // A map's key may contain a comma, so the direction is the text after the last comma.
  const [, name = '', direction = ''] = /^(.*),\s*(asc|desc)$/s.exec(rule) ?? [];
  const field = direction === '' ? null : fieldOf(name, table, bindings);
  return field === null || field.type.startsWith('array.') ? null : { field, falling: direction === 'desc' };
}
