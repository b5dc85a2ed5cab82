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

/** What a request asks of a list, as SQL. */
export interface Conditions {
  readonly kind: 'conditions';
  readonly filter: string;
  readonly linkFilter: string;
  readonly order: readonly SortRule[];
  /** A condition on the sorting values of a row. */
  readonly after: string;
  /** The token that the request goes on with. */
  readonly read: Token | null;
  readonly bindings: Bindings;
}

export interface Asked {
  readonly call: ListCall;
  readonly account: Account;
}

/** What a list takes. */
interface Taken {
  readonly fields: FieldTable;
  readonly operators: readonly string[];
  readonly order: readonly string[];
}

/** Compiles what only the fields of a listing can judge. */
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
