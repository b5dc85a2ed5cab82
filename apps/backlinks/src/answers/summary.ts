import { z } from 'zod';
import { createBindings } from '../filters/bindings.js';
import { metricsQuery } from '../graph/metrics.js';
import type { Graph } from '../graph/open.js';
import type { Answered } from './answer.js';
import { answeringDomainOf, TIER_SUMMARY } from './domain-tier.js';
import { compileLinkFilter } from './link-filter.js';
import { linksBy } from './link-groups.js';
import { LIMITED_METRICS, scaledRank } from './metric-item.js';
import { type Scope, scopeOf } from './scope.js';
import type { SingleAnswer } from './single.js';
import type { ListCall, Target } from './target.js';

/** A host's properties other than its links. A page has those of its host, but its own spam score. */
const site = ({ isPage }: Target) => `SELECT ${isPage ? 'pages' : 'hosts'}.rank,
    ${isPage ? 'pages' : 'domains'}.spam_score, domains.server, hosts.ip, domains.country, sets.names AS platforms,
    (SELECT json_extract_string(technologies, '$.cms') FROM pages home
      WHERE home.host_id = hosts.host_id AND technologies IS NOT NULL ORDER BY page_id LIMIT 1) AS cms
  FROM hosts JOIN domains ON domains.domain_id = hosts.domain_id
    LEFT JOIN platform_sets sets ON sets.set_id = domains.platform_set
    ${isPage ? 'JOIN pages ON pages.host_id = hosts.host_id WHERE page_id' : 'WHERE hosts.host_id'} = $id::INTEGER`;

/** A page that does not exist has no links. The links of a page that was never fetched are unknown. */
const sumOf = (column: string) => `coalesce(sum(${column}), CASE WHEN bool_or(status_code <> 200) THEN 0 END)::BIGINT`;

const crawled = (scope: Scope) => `SELECT count(fetch_time)::INTEGER AS pages,
    ${sumOf('internal_links_count')} AS internal, ${sumOf('external_links_count')} AS external
  FROM pages WHERE ${scope.onPages}`;

const ITEM = `to_json({'target': $given, 'rank': ${scaledRank('site.rank')}, ${LIMITED_METRICS},
  'crawled_pages': crawled.pages,
  'info': {'server': site.server, 'cms': site.cms, 'platform_type': site.platforms, 'ip_address': site.ip,
    'country': site.country, 'is_ip': false, 'target_spam_score': site.spam_score},
  'internal_links_count': crawled.internal, 'external_links_count': crawled.external})`;

/** All backlink metrics of one target, and the properties of its site. */
export const summary: SingleAnswer = {
  functionId: '0265',
  async answer(graph, call) {
    const { target, options } = call;
    const bindings = createBindings();
    const linkFilter = await compileLinkFilter(graph, options.backlinksFilters, bindings);
    if (linkFilter === null) return { kind: 'invalid', field: 'backlinks_filters' };
    const scope = await scopeOf(graph, call);
    if (scope === null) return summaryFromTier(graph, call, linkFilter);
    const given = { given: target.given, list_limit: BigInt(options.listLimit), one_hundred: options.oneHundred };
    const params = { ...scope.params, ...bindings.params, ...given };
    const row = await graph.slow.row(sqlOf(scope, call, linkFilter), params, found);
    return { kind: 'found', answer: { head: {}, items: row?.item ?? null, count: 1 } };
  },
};

const found = z.object({ item: z.string() });

/** The summary of a target that only the domain tier knows. */
async function summaryFromTier(graph: Graph, call: ListCall, linkFilter: string): Promise<Answered> {
  const domain = await answeringDomainOf(graph, call, linkFilter);
  if (domain === null) return { kind: 'unknown' };
  const params = { tier_id: domain.id, given: call.target.given, one_hundred: call.options.oneHundred };
  const row = await graph.row(TIER_SUMMARY, params, found);
  return { kind: 'found', answer: { head: {}, items: row?.item ?? null, count: 1 } };
}

function sqlOf(scope: Scope, call: ListCall, linkFilter: string): string {
  return `SELECT ${ITEM}::VARCHAR AS item
    FROM (${site(call.target)}) site, (${crawled(scope)}) crawled
      LEFT JOIN (${metricsQuery(linksBy('0', scope, call, linkFilter))}) page ON true`;
}
