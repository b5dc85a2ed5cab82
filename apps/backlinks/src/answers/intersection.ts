import { ALL_OPERATORS } from '@linkhaul/schemas';
import type { Field, FieldTable } from '../filters/fields.js';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { Answered } from './answer.js';
import { tierDomainOf } from './domain-tier.js';
import { type Conditions, conditionsOf } from './list-conditions.js';
import { readPage } from './listing.js';
import type { ListOptions } from './options.js';
import { countedLinks, type Scope, scopeOf } from './scope.js';
import type { Account, ListCall, Target } from './target.js';

/** A validated task of a set endpoint, except for its filters. */
interface SetCall {
  /** By the targets' numbers in the request, such as `1`. */
  readonly targets: ReadonlyMap<string, Target>;
  readonly excluded: readonly Target[];
  readonly options: ListOptions;
}

/** How a set endpoint is answered. */
export interface Intersection {
  /** The part of a task id that names the function: the upstream's, if it is known. */
  readonly functionId: string;
  /** The column of `links` whose values the targets must have in common. */
  readonly subject: 'source_domain' | 'source_page';
  /** Selects the sources of links to one target, one row for each `subject`. */
  readonly rows: (scope: Scope, call: ListCall, linkFilter: string) => string;
  /** The column of these rows that names the subject. */
  readonly name: string;
  /** The fields of one target that filters can name, in terms of the columns of `row`. */
  readonly fieldsOf: (row: string) => FieldTable;
  /** The member of an item that has one entry per target, and the SQL of an entry's JSON, in terms of the target's column. */
  readonly member: string;
  readonly item: (column: string) => string;
  /** Joins to `page` that `item` needs. */
  readonly joins?: (column: string) => string;
}

interface AskedSet {
  readonly call: SetCall;
  readonly account: Account;
}

/**
 * Answers one page of what the targets of a set have in common. Mode `all` has the sources that link to all of them, mode
 * `partial` those that link to any. A target that is not in the graph has no links.
 */
export async function answerSet(graph: Graph, set: Intersection, { call, account }: AskedSet): Promise<Answered> {
  const { targets, options } = call;
  const [[first, target] = []] = targets;
  if (first === undefined || target === undefined) return { kind: 'unknown' };
  if (await isOnlyInTier(graph, call)) return { kind: 'unknown' };
  const taken = { fields: fieldsOfSet(targets, set), operators: ALL_OPERATORS, order: [`${first}.rank,desc`] };
  const conditions = await conditionsOf(graph, taken, { call: { target, options }, account });
  if (conditions.kind === 'invalid') return conditions;
  const rows = await rowsOfSet(graph, set, { call, linkFilter: conditions.linkFilter });
  const joins = [...targets.keys()].map((number) => set.joins?.(columnOf(number)) ?? '').join(' ');
  const form = { item: itemOf(targets, set), joins, readsAll: true, most: null } as const;
  const page = await readPage(graph, form, { conditions: withName(conditions), rows, call });
  const given = Object.fromEntries([...targets].map(([number, one]) => [number, one.given]));
  return { kind: 'found', answer: { head: { targets: given, total_count: page.total }, ...page } };
}

/** Whether one of the domains is known only to the domain tier. The links to it are then unknown, which is not the same as none. */
async function isOnlyInTier(graph: Graph, { targets, excluded }: SetCall): Promise<boolean> {
  const found = await Promise.all([...targets.values(), ...excluded].map((target) => tierDomainOf(graph, target)));
  return found.some((domain) => domain !== null);
}

/** Rows are finally sorted by name, so that pages never overlap. */
function withName(conditions: Conditions): Conditions {
  const byName = { field: { type: 'str', sql: 'page.name' }, falling: false } as const;
  return { ...conditions, order: [...conditions.order, byName] };
}

/** The column of a target: a struct about the links to it, or null if there are none. */
function columnOf(number: string): string {
  return `of_${number}`;
}

function fieldsOfSet(targets: SetCall['targets'], { fieldsOf }: Intersection): FieldTable {
  const tables = [...targets.keys()].map((number) => ({ number, table: fieldsOf(`page.${columnOf(number)}`) }));
  return {
    fields: new Map<string, Field>([
      ['intersections_count', { type: 'num', sql: 'page.intersections_count' }],
      ...tables.flatMap(({ number, table }) => numbered(table.fields, number)),
    ]),
    maps: new Map(tables.flatMap(({ number, table }) => numbered(table.maps, number))),
    alias: (name) => {
      const [, number = '', inner = ''] = /^(\d+)\.(.*)$/s.exec(name) ?? [];
      const known = tables.find((one) => one.number === number);
      return known === undefined ? name : `${number}.${known.table.alias(inner)}`;
    },
  };
}

/** The fields of one target. They are null if no link reaches the target, even if a field's SQL would turn null into a value. */
function numbered(fields: ReadonlyMap<string, Field>, number: string): [string, Field][] {
  return [...fields].map(([name, { type, sql }]) => [
    `${number}.${name}`,
    { type, sql: `CASE WHEN page.${columnOf(number)} IS NOT NULL THEN ${sql} END` },
  ]);
}

function itemOf(targets: SetCall['targets'], { member, item }: Intersection): string {
  const members = [...targets.keys()].map((number) => {
    const column = columnOf(number);
    return `'${number}': CASE WHEN page.${column} IS NOT NULL THEN ${item(column)} END`;
  });
  return `to_json({'${member}': {${members.join(', ')}}, 'summary': {'intersections_count': page.intersections_count}})`;
}

interface AskedRows {
  readonly call: SetCall;
  readonly linkFilter: string;
}

interface Rows {
  readonly sql: string;
  readonly params: Params;
}

const NOWHERE: Scope = { onLinks: 'false', onPages: 'false', params: {} };

async function rowsOfSet(graph: Graph, set: Intersection, { call, linkFilter }: AskedRows): Promise<Rows> {
  const { targets, options } = call;
  const parts = await Promise.all(
    [...targets].map(async ([number, target]) => {
      const scope = (await scopeOf(graph, { target, options }, `_${number}`)) ?? NOWHERE;
      const rows = set.rows(scope, { target, options }, linkFilter);
      return { params: scope.params, sql: `(SELECT subject, row_of AS ${columnOf(number)} FROM (${rows}) row_of)` };
    }),
  );
  const columns = [...targets.keys()].map(columnOf);
  const excluded = await excludedBy(graph, set, call);
  const count = columns.map((column) => `(${column} IS NOT NULL)::INTEGER`).join(' + ');
  const joined = parts.map(({ sql }, at) => (at === 0 ? sql : `FULL JOIN ${sql} USING (subject)`)).join(' ');
  return {
    sql: `SELECT *, ${count} AS intersections_count, coalesce(${columns.map((column) => `${column}.${set.name}`).join(', ')}) AS name
      FROM ${joined} WHERE ${count} >= ${options.intersectsAll ? columns.length : 1} AND ${excluded.sql}`,
    params: Object.assign({}, excluded.params, ...parts.map(({ params }) => params)),
  };
}

/** The condition on `subject` that excludes sources that link to an excluded target. */
async function excludedBy(graph: Graph, set: Intersection, { excluded, options }: SetCall): Promise<Rows> {
  const scopes = await Promise.all(
    excluded.map((target, at) => excludedScope(graph, { target, options }, `_not_${at}`)),
  );
  const known = scopes.filter((scope) => scope !== null);
  if (known.length === 0) return { sql: 'true', params: {} };
  const onLinks = known.map((scope) => `(${scope.onLinks})`).join(' OR ');
  return {
    sql: `subject NOT IN (SELECT links.${set.subject} FROM links WHERE (${onLinks}) AND ${countedLinks(options)})`,
    params: Object.assign({}, ...known.map(({ params }) => params)),
  };
}

/** A `*` at the end of a page means all pages whose address begins with the text before it. */
async function excludedScope(
  graph: Graph,
  call: ListCall,
  mark: string,
): Promise<Pick<Scope, 'onLinks' | 'params'> | null> {
  const { key, isPage } = call.target;
  if (!isPage || !key.endsWith('*')) return scopeOf(graph, call, mark);
  const name = `prefix${mark}`;
  return {
    onLinks: `links.target_page IN (SELECT page_id FROM pages WHERE starts_with(pages.url, $${name}))`,
    params: { [name]: key.slice(0, -1) },
  };
}
