import { type Bindings, createBindings } from '../filters/bindings.js';
import { compileFilter } from '../filters/compile.js';
import type { FieldTable } from '../filters/fields.js';
import { compileOrder, type SortRule } from '../filters/order.js';
import { areExpressions } from '../filters/patterns.js';
import type { Graph } from '../graph/open.js';
import type { Invalid } from './answer.js';
import { compileLinkFilter } from './link-filter.js';
import { afterSql, readToken, type Token } from './search-after.js';
import type { Account, ListCall } from './target.js';

/** The conditions of a list request, as SQL. */
export interface Conditions {
  readonly kind: 'conditions';
  readonly filter: string;
  readonly linkFilter: string;
  readonly order: readonly SortRule[];
  /** A condition on the sorting values of a row. */
  readonly after: string;
  /** The token with which the request continues. */
  readonly read: Token | null;
  readonly bindings: Bindings;
}

export interface Asked {
  readonly call: ListCall;
  readonly account: Account;
}

/** The fields and operators that a list accepts. */
interface Taken {
  readonly fields: FieldTable;
  readonly operators: readonly string[];
  readonly order: readonly string[];
}

/** Compiles the parts of a request that depend on the fields of the list. */
export async function conditionsOf(
  graph: Graph,
  listing: Taken,
  { call, account }: Asked,
): Promise<Conditions | Invalid> {
  const { filters, backlinksFilters, orderBy, token } = call.options;
  const bindings = createBindings();
  const { fields: table, operators } = listing;
  const filter = compileFilter(filters, { table, operators, bindings });
  if (filter === null || !(await areExpressions(graph.slow, bindings.patterns))) return invalid('filters');
  const linkFilter = await compileLinkFilter(graph, backlinksFilters, bindings);
  if (linkFilter === null) return invalid('backlinks_filters');
  const order = compileOrder([...orderBy, ...listing.order], table, bindings);
  if (order === null) return invalid('order_by');
  const compiled = { kind: 'conditions', filter, linkFilter, order, bindings } as const;
  if (token === null) return { ...compiled, after: 'true', read: null };
  const read = readToken(token, call, account);
  const after = read && afterSql(order, read.after, bindings);
  return after === null ? invalid('search_after_token') : { ...compiled, after, read };
}

function invalid(field: Invalid['field']): Invalid {
  return { kind: 'invalid', field };
}
