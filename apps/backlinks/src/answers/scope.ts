import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/queries.js';
import type { ListOptions } from './options.js';

/** Which pages a list is about: SQL conditions on `links` and on `pages`, and what they bind. */
export interface Scope {
  readonly onLinks: string;
  readonly onPages: string;
  readonly params: Params;
}

const BELOW = '(SELECT host_id FROM host_tree WHERE ancestor_id = $id)';

/** Null where the graph does not know the target. */
export async function scopeOf(graph: Graph, options: ListOptions): Promise<Scope | null> {
  const { key, isPage } = options.target;
  const found = await graph.row(
    isPage
      ? 'SELECT page_id AS id, domain_id FROM pages WHERE url = $key'
      : 'SELECT host_id AS id, domain_id FROM hosts WHERE host = $key',
    { key },
    z.object({ id: z.number(), domain_id: z.number() }),
  );
  if (found === null) return null;
  const params = { id: found.id };
  if (isPage) return { onLinks: 'target_page = $id', onPages: 'page_id = $id', params };
  if (!options.includeSubdomains) return { onLinks: 'target_host = $id', onPages: 'pages.host_id = $id', params };
  return {
    // The domain lets DuckDB skip the other parts of the table, which is sorted by it.
    onLinks: `target_domain = $domain_id AND target_host IN ${BELOW}`,
    onPages: `pages.domain_id = $domain_id AND pages.host_id IN ${BELOW}`,
    params: { ...params, domain_id: found.domain_id },
  };
}

const STATUS = { all: 'true', live: 'lost_date IS NULL', lost: 'lost_date IS NOT NULL' };

/** The condition on `links` for those that count under the options, each link at each page that it reaches. */
export function countedLinks(options: ListOptions): string {
  return [
    STATUS[options.status],
    options.excludeInternal ? 'source_domain <> target_domain' : 'true',
    options.includeIndirect ? 'true' : 'via_page IS NULL',
  ].join(' AND ');
}

/** Whether the kept summaries of pages were made under these options. */
export function isUsual(options: ListOptions): boolean {
  return options.status === 'live' && options.excludeInternal && options.includeIndirect;
}
