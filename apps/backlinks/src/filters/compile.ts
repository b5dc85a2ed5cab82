import { conditionsOf, type FilterTree } from '@linkhaul/schemas';
import type { Bindings } from './bindings.js';
import { type FieldTable, fieldOf } from './fields.js';
import { conditionSql } from './operators.js';

/** The fields and operators that a filter may use, and the collector of its values. */
export interface FilterScope {
  readonly table: FieldTable;
  readonly operators: readonly string[];
  readonly bindings: Bindings;
}

/** SQL of a request's filter; `true` if there is none. Null if the filter is invalid for these fields. */
export function compileFilter(filter: unknown, scope: FilterScope): string | null {
  if (filter === undefined || (Array.isArray(filter) && filter.length === 0)) return 'true';
  const { tree } = conditionsOf(filter);
  return tree === null ? null : treeSql(tree, scope);
}

function treeSql(tree: FilterTree, scope: FilterScope): string | null {
  if (tree.kind === 'condition') return leafSql(tree.parts, scope);
  const parts = tree.parts.map((part) => treeSql(part, scope));
  return parts.includes(null) ? null : `(${parts.join(tree.kind === 'and' ? ' AND ' : ' OR ')})`;
}

function leafSql(parts: readonly unknown[], { table, operators, bindings }: FilterScope): string | null {
  const [name, operator, value] = parts;
  if (parts.length !== 3 || typeof name !== 'string' || typeof operator !== 'string') return null;
  const field = operators.includes(operator) ? fieldOf(name, table, bindings) : null;
  return field === null ? null : conditionSql({ field, operator, value }, bindings);
}
