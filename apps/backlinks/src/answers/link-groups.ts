import { metricsQuery } from '../graph/metrics.js';
import { scaledRank } from './metric-item.js';
import { metricColumns } from './page-metrics.js';
import { countedLinks, type Scope } from './scope.js';
import type { ListCall } from './target.js';

/** SQL for the links that count for a target. Each has a `subject`, the value by which the links are grouped. */
export function linksBy(subject: string, scope: Scope, { target, options }: ListCall, linkFilter: string): string {
  // An indirect link stays within its host, where the direct link already counts, so it counts for pages only.
  const once = target.isPage ? 'true' : 'links.via_page IS NULL';
  return `SELECT links.*, ${subject} AS subject FROM links
    WHERE ${scope.onLinks} AND ${countedLinks(options)} AND ${once} AND ${linkFilter}`;
}

/** SQL for the metrics and the rank of each group of links. The rank is that of its highest-ranked source page. */
export function groupsOf(links: string, name: string): string {
  return `SELECT ${name}, ${scaledRank('best.rank')} AS rank, ${metricColumns('m')}
    FROM (${metricsQuery(links)}) m JOIN (
      SELECT subject, max(pages.rank) AS rank FROM (${links}) JOIN pages ON page_id = source_page GROUP BY subject
    ) best ON best.subject = m.subject`;
}
