import { z } from 'zod';
import type { FieldTable } from '../filters/fields.js';
import { timeText } from '../graph/metric-json.js';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { Answer, Answered } from './answer.js';
import { answeringDomainOf, TIER_ITEMS } from './domain-tier.js';
import { type Asked, type Conditions, conditionsOf } from './list-conditions.js';
import type { ListOptions } from './options.js';
import { type Scope, scopeOf } from './scope.js';
import { tokenAfter } from './search-after.js';
import type { ListCall, Target } from './target.js';

/** The SQL of a list endpoint. */
export interface Listing {
  /** The part of a task id that names the function: the upstream's, where it is known. */
  readonly functionId: string;
  /** The fields that `filters` and `order_by` can name. Their SQL uses columns of `page`, a row of `rows`. */
  readonly fields: FieldTable;
  readonly operators: readonly string[];
  /** What the rows are about, where that is not always the task's target itself. */
  readonly about?: (call: ListCall) => Target;
  /** Selects all rows. Only links that meet `linkFilter`, a condition on `links`, count. */
  readonly rows: (scope: Scope, call: ListCall, linkFilter: string) => string;
  /** Of the rows with one value of a column only the first few are items, as many as this says. */
  readonly most?: (call: ListCall) => { readonly column: string; readonly rows: number } | null;
  /** The default order, as rules of `order_by`. It ends with a unique field, so that pages never overlap. */
  readonly order: readonly string[];
  /** What `item` needs beside the row: joins to `page`. */
  readonly joins?: string;
  /** The JSON of one row of `page`. */
  readonly item: string;
  /** The rows and items of a domain that only the domain tier knows, where edges tell them. The query binds `tier_id`. */
  readonly tier?: { readonly rows: string; readonly item: string };
  /** The fields of `result[0]` before `total_count`, where they are not the target alone. */
  readonly head?: (call: ListCall) => Answer['head'];
  /** True where the query reads most of the graph, whatever is asked. */
  readonly readsAll?: true;
  /** True where an answer has a token to go on with. */
  readonly hasTokens?: true;
}

const pageRow = z.object({
  total: z.number(),
  count: z.number(),
  items: z.string().nullable(),
  last: z
    .string()
    .transform((text) => z.array(z.unknown()).parse(JSON.parse(text)))
    .nullable(),
});

/** Answers one page of a list. */
export async function answerList(graph: Graph, listing: Listing, asked: Asked): Promise<Answered> {
  const { call, account } = asked;
  const conditions = await conditionsOf(graph, listing, asked);
  if (conditions.kind === 'invalid') return conditions;
  const about = { ...call, target: listing.about?.(call) ?? call.target };
  const scope = await scopeOf(graph, about);
  if (scope === null) return answerFromTier(graph, listing, { conditions, call });

  const { read } = conditions;
  const rows = { sql: listing.rows(scope, about, conditions.linkFilter), params: scope.params };
  const page = await readPage(graph, { ...listing, most: listing.most?.(call) ?? null }, { conditions, rows, call });
  const { total, count, items, last } = page;
  const head = { ...(listing.head?.(call) ?? { target: call.target.given }), total_count: total };
  const answer = { head, items, count };
  if (!listing.hasTokens) return { kind: 'found', answer };
  const token = tokenAfter(call, account, { read, after: last ?? read?.after ?? null, count });
  return { kind: 'found', answer: { ...answer, token } };
}

/** Answers one page of a list of which the page tier knows nothing. */
async function answerFromTier(
  graph: Graph,
  { tier }: Listing,
  { conditions, call }: { readonly conditions: Conditions; readonly call: ListCall },
): Promise<Answered> {
  const domain = tier && (await answeringDomainOf(graph, call, conditions.linkFilter));
  if (!tier || !domain || domain.referring === null) return { kind: 'unknown' };
  const rows = { sql: tier.rows, params: { tier_id: domain.id } };
  const { total, count, items } = await readPage(graph, { item: tier.item, most: null }, { conditions, rows, call });
  const head = { target: call.target.given, total_count: total, [TIER_ITEMS]: count };
  return { kind: 'found', answer: { head, items, count } };
}

/** How a page of rows becomes items. */
type PageForm = Pick<Listing, 'joins' | 'item' | 'readsAll' | 'hasTokens'> & Pick<Chosen, 'most'>;

interface AskedPage {
  readonly conditions: Conditions;
  readonly rows: { readonly sql: string; readonly params: Params };
  readonly call: Pick<ListCall, 'options'>;
}

/** Reads one page of the rows that meet the conditions. */
export async function readPage(
  graph: Graph,
  form: PageForm,
  { conditions, rows, call }: AskedPage,
): Promise<z.output<typeof pageRow>> {
  const { filter, linkFilter, read, bindings } = conditions;
  const sql = pageSql(form, rows.sql, { ...conditions, most: form.most });
  const isQuick = filter === 'true' && linkFilter === 'true' && form.readsAll !== true;
  const offset = read === null ? call.options.offset : 0;
  const params = { ...rows.params, ...bindings.params, ...pageParams({ ...call.options, offset }, sql) };
  const page = await (isQuick ? graph : graph.slow).row(sql, params, pageRow);
  return page ?? { total: 0, count: 0, items: null, last: null };
}

interface Chosen extends Conditions {
  readonly most: { readonly column: string; readonly rows: number } | null;
}

/** Rows get their sorting values as columns, because not every place of a query takes what a field's SQL may be. */
function pageSql(
  { joins = '', item, hasTokens }: Pick<PageForm, 'joins' | 'item' | 'hasTokens'>,
  rows: string,
  { filter, order, after, most }: Chosen,
): string {
  const sorts = order.map(({ field }, place) => `${field.sql} AS sort_${place}`);
  const sorted = order.map(({ falling }, place) => `sort_${place} ${falling ? 'DESC' : 'ASC'} NULLS LAST`).join(', ');
  const firsts = most && `QUALIFY row_number() OVER (PARTITION BY ${most.column} ORDER BY ${sorted}) <= ${most.rows}`;
  return `WITH met AS (SELECT page.*, ${sorts.join(', ')} FROM (${rows}) page WHERE ${filter}),
      found AS MATERIALIZED (SELECT * FROM met ${firsts ?? ''}),
      page AS (SELECT *, row_number() OVER (ORDER BY ${sorted}) AS item_place FROM
        (SELECT * FROM found WHERE ${after} ORDER BY ${sorted} LIMIT $limit OFFSET $offset) page)
    SELECT (SELECT count(*) FROM found)::INTEGER AS total, count(*)::INTEGER AS count,
      joined_by((${item})::VARCHAR, item_place) AS items, ${hasTokens ? lastOf(order) : 'NULL'} AS last
    FROM page ${joins}`;
}

/** SQL for the sorting values of the last item. */
function lastOf(order: Conditions['order']): string {
  const values = order.map(({ field }, place) => (field.type === 'time' ? timeText(`sort_${place}`) : `sort_${place}`));
  return `list(to_json([${values.map((value) => `to_json(${value})`).join(', ')}])::VARCHAR ORDER BY item_place)[-1]`;
}

/** DuckDB takes no value that a query does not name. */
function pageParams({ limit, offset, listLimit, oneHundred }: ListOptions, sql: string): Params {
  const params = { limit: BigInt(limit), offset: BigInt(offset), one_hundred: oneHundred };
  return sql.includes('$list_limit') ? { ...params, list_limit: BigInt(listLimit) } : params;
}
