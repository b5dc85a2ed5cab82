import { z } from 'zod';
import { createBindings } from '../filters/bindings.js';
import { compileFilter } from '../filters/compile.js';
import type { FieldTable } from '../filters/fields.js';
import { compileOrder } from '../filters/order.js';
import { areExpressions } from '../filters/patterns.js';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { Answer, Answered } from './answer.js';
import { compileLinkFilter } from './link-filter.js';
import type { ListOptions } from './options.js';
import { type Scope, scopeOf } from './scope.js';
import type { ListCall, Target } from './target.js';

/** The SQL of a list endpoint. */
export interface Listing {
  /** The part of a task id that names the function: the upstream's, where it is known. */
  readonly functionId: string;
  /** The fields that `filters` and `order_by` can name. Their SQL uses columns of `rows`. */
  readonly fields: FieldTable;
  readonly operators: readonly string[];
  /** What the rows are about, where that is not always the task's target itself. */
  readonly about?: (call: ListCall) => Target;
  /** Selects all rows. Only links that meet `linkFilter`, a condition on `links`, count. */
  readonly rows: (scope: Scope, call: ListCall, linkFilter: string) => string;
  /** The default order. It ends with a unique column, so that pages never overlap. */
  readonly order: string;
  /** The JSON of one row of `page`. */
  readonly item: string;
  /** The fields of `result[0]` before `total_count`, where they are not the target alone. */
  readonly head?: (call: ListCall) => Answer['head'];
  /** True where the query reads most of the graph, whatever is asked. */
  readonly readsAll?: true;
}

const pageRow = z.object({ total: z.number(), count: z.number(), items: z.string().nullable() });

/** Answers one page of a list. */
export async function answerList(graph: Graph, listing: Listing, call: ListCall): Promise<Answered> {
  const { target, options } = call;
  const bindings = createBindings();
  const { fields: table, operators } = listing;
  const filter = compileFilter(options.filters, { table, operators, bindings });
  if (filter === null || !(await areExpressions(graph.slow, bindings.patterns))) return invalid('filters');
  const linkFilter = await compileLinkFilter(graph, options.backlinksFilters, bindings);
  if (linkFilter === null) return invalid('backlinks_filters');
  const order = compileOrder(options.orderBy, table, bindings);
  if (order === null) return invalid('order_by');

  const about = { target: listing.about?.(call) ?? target, options };
  const scope = await scopeOf(graph, about);
  if (scope === null) return { kind: 'unknown' };
  const rows = listing.rows(scope, about, linkFilter);
  const isQuick = filter === 'true' && linkFilter === 'true' && listing.readsAll !== true;
  const queries = isQuick ? graph : graph.slow;
  const sql = pageSql({ rows, filter, order: [...order, listing.order].join(', '), item: listing.item });
  const params = { ...scope.params, ...bindings.params, ...pageParams(options, sql) };
  const page = await queries.row(sql, params, pageRow);
  const { total, count, items } = page ?? { total: 0, count: 0, items: null };
  const head = { ...(listing.head?.(call) ?? { target: target.given }), total_count: total };
  return { kind: 'found', answer: { head, items, count } };
}

function pageSql(parts: { rows: string; filter: string; order: string; item: string }): string {
  return `WITH found AS MATERIALIZED (SELECT * FROM (${parts.rows}) WHERE ${parts.filter}),
      page AS (SELECT * FROM found ORDER BY ${parts.order} LIMIT $limit OFFSET $offset)
    SELECT (SELECT count(*) FROM found)::INTEGER AS total, count(*)::INTEGER AS count,
      string_agg(${parts.item}::VARCHAR, ',' ORDER BY ${parts.order}) AS items
    FROM page`;
}

/** DuckDB takes no value that a query does not name. */
function pageParams({ limit, offset, listLimit, oneHundred }: ListOptions, sql: string): Params {
  const params = { limit: BigInt(limit), offset: BigInt(offset), one_hundred: oneHundred };
  return sql.includes('$list_limit') ? { ...params, list_limit: BigInt(listLimit) } : params;
}

function invalid(field: 'filters' | 'backlinks_filters' | 'order_by'): Answered {
  return { kind: 'invalid', field };
}
