import { metricsQuery } from '../graph/metrics.js';
import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { metricFields } from './item.js';
import { pageOf } from './listing.js';
import type { ListOptions } from './options.js';
import { metricColumns, sortableMetrics } from './page-metrics.js';
import { countedLinks, scopeOf } from './scope.js';

const ITEM = `to_json({'type': 'backlinks_referring_domain', 'domain': page.domain, ${metricFields('page', 'limited')}})`;

const SORTABLE = new Map([['domain', 'domain'], ...sortableMetrics('')]);

/** The main domains that link to a target, the highest rank first. Null for a target that is not in the graph. */
export async function answerReferringDomains(graph: Graph, options: ListOptions): Promise<Answer | null> {
  const scope = await scopeOf(graph, options);
  if (scope === null) return null;
  // An indirect link stays within its host: beside the direct one it counts for a page only.
  const once = options.target.isPage ? 'true' : 'via_page IS NULL';
  const links = `SELECT *, source_domain AS subject FROM links
    WHERE ${scope.onLinks} AND ${countedLinks(options)} AND ${once}`;
  const { total, items } = await pageOf(
    graph,
    {
      rows: `SELECT domains.domain, coalesce(domain_ranks.rank, 0) AS rank, ${metricColumns('m')}
        FROM (${metricsQuery(links)}) m JOIN domains ON domains.domain_id = m.subject
          LEFT JOIN domain_ranks ON domain_ranks.domain_id = domains.domain_id`,
      order: 'rank DESC, backlinks DESC, domain',
      item: ITEM,
      sortable: SORTABLE,
      params: scope.params,
    },
    options,
  );
  return { head: { target: options.target.given, total_count: total }, items };
}
