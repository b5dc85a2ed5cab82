import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/queries.js';
import { NotImplemented } from './answer.js';
import type { ListOptions } from './options.js';

/** A list in SQL: a query of all its rows, the default order of their columns, and the JSON of one. */
interface Listing {
  readonly rows: string;
  /** Ends in a column that no two rows share, so that pages never overlap. */
  readonly order: string;
  readonly item: string;
  /** Columns of `rows` by the field names that `order_by` may use. */
  readonly sortable: ReadonlyMap<string, string>;
  readonly params: Params;
}

interface ListPage {
  readonly total: number;
  readonly items: readonly string[];
}

const listRow = z.object({ total: z.number(), item: z.string() });

/** One page of a list and the length of the whole. Throws NotImplemented for a sort that the columns cannot give. */
export async function pageOf(graph: Graph, listing: Listing, options: ListOptions): Promise<ListPage> {
  const order = [...options.orderBy.map((rule) => sortRule(rule, listing.sortable)), listing.order].join(', ');
  const sql = `WITH found AS (${listing.rows})
    SELECT (SELECT count(*) FROM found)::INTEGER AS total, ${listing.item}::VARCHAR AS item
    FROM (SELECT * FROM found ORDER BY ${order} LIMIT $limit OFFSET $offset) page ORDER BY ${order}`;
  const params = { ...listing.params, list_limit: options.listLimit, one_hundred: options.oneHundred };
  const rows = await graph.rows(sql, { ...params, limit: options.limit, offset: options.offset }, listRow);
  const [first] = rows;
  if (first !== undefined || options.offset === 0) {
    return { total: first?.total ?? 0, items: rows.map(({ item }) => item) };
  }
  const start = await graph.row(sql, { ...params, limit: 1, offset: 0 }, listRow);
  return { total: start?.total ?? 0, items: [] };
}

function sortRule(rule: string, sortable: ReadonlyMap<string, string>): string {
  const [field = '', direction] = rule.split(',');
  const column = sortable.get(field);
  if (column === undefined) throw new NotImplemented();
  return `${column} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`;
}
