import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { ListOptions } from './options.js';
import { keyHash, type ListCall, type Target } from './target.js';

/** The pages that a list request covers: SQL conditions on `links` and on `pages`, and their bound values. */
export interface Scope {
  readonly onLinks: string;
  readonly onPages: string;
  readonly params: Params;
}

const found = z.object({ id: z.number(), domain_id: z.number() });

/**
 * Null if the target is not in the graph. A query with several scopes has a different `mark` for each, which becomes part of
 * their parameters' names.
 */
export async function scopeOf(graph: Graph, { target, options }: ListCall, mark = ''): Promise<Scope | null> {
  const row = await graph.row(lookUp(target), { hash: keyHash(target.key), key: target.key }, found);
  if (row === null) return null;
  const params = { [`id${mark}`]: BigInt(row.id) };
  const [id, domainId] = [`$id${mark}::INTEGER`, `$domain_id${mark}::INTEGER`];
  if (target.isPage) return { onLinks: `links.target_page = ${id}`, onPages: `pages.page_id = ${id}`, params };
  if (!options.includeSubdomains)
    return { onLinks: `links.target_host = ${id}`, onPages: `pages.host_id = ${id}`, params };
  const below = `(SELECT host_id FROM host_tree WHERE ancestor_id = ${id})`;
  return {
    // The table is sorted by domain, so this condition lets DuckDB skip the rest of the table.
    onLinks: `links.target_domain = ${domainId} AND links.target_host IN ${below}`,
    onPages: `pages.domain_id = ${domainId} AND pages.host_id IN ${below}`,
    params: { ...params, [`domain_id${mark}`]: BigInt(row.domain_id) },
  };
}

function lookUp({ isPage }: Target): string {
  const [kept, table, id] = isPage ? ['page_summaries', 'pages', 'page_id'] : ['host_summaries', 'hosts', 'host_id'];
  return `SELECT ${table}.${id} AS id, ${table}.domain_id FROM ${table}
    WHERE ${table}.${id} = (SELECT subject FROM ${kept} WHERE key_hash = $hash AND key = $key)`;
}

const STATUS = { all: 'true', live: 'links.lost_date IS NULL', lost: 'links.lost_date IS NOT NULL' };

/**
 * The condition on `links` that selects the links to count, given the task's options. A link counts for each page that
 * it reaches.
 */
export function countedLinks(options: ListOptions): string {
  return [
    STATUS[options.status],
    options.excludeInternal ? 'links.source_domain <> links.target_domain' : 'true',
    options.includeIndirect ? 'true' : 'links.via_page IS NULL',
  ].join(' AND ');
}

/** Whether the precomputed page aggregates were made with these options. */
export function isUsual(options: ListOptions, linkFilter: string): boolean {
  return options.status === 'live' && options.excludeInternal && options.includeIndirect && linkFilter === 'true';
}
