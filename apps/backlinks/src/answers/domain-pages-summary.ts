import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { metricFields } from './item.js';
import { pageOf } from './listing.js';
import type { ListOptions } from './options.js';
import { metricColumns, pageMetrics, sortableMetrics } from './page-metrics.js';
import { scopeOf } from './scope.js';

const ITEM = `to_json({'type': 'backlinks_page_summary', 'url': page.url, ${metricFields('page', 'limited')}})`;

const SORTABLE = new Map([['url', 'url'], ...sortableMetrics('')]);

/** The pages of a target that have backlinks, the most linked-to first. Null for a target that is not in the graph. */
export async function answerDomainPagesSummary(graph: Graph, options: ListOptions): Promise<Answer | null> {
  const scope = await scopeOf(graph, options);
  if (scope === null) return null;
  const { total, items } = await pageOf(
    graph,
    {
      rows: `SELECT pages.url, coalesce(page_ranks.rank, 0) AS rank, ${metricColumns('m')}
        FROM (${pageMetrics(scope, options)}) m JOIN pages ON pages.page_id = m.subject
          LEFT JOIN page_ranks ON page_ranks.page_id = pages.page_id`,
      order: 'backlinks DESC, url',
      item: ITEM,
      sortable: SORTABLE,
      params: scope.params,
    },
    options,
  );
  return { head: { target: options.target.given, total_count: total }, items };
}
