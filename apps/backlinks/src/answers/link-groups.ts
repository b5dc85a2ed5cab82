import { metricsQuery } from '../graph/metrics.js';
import { scaledRank } from './metric-item.js';
import { metricColumns } from './page-metrics.js';
import { countedLinks, type Scope } from './scope.js';
import type { ListCall } from './target.js';

/** SQL for the links that count for a target, each with its `subject`: what they are grouped by. */
export function linksBy(subject: string, scope: Scope, { target, options }: ListCall, linkFilter: string): string {
  // An indirect link stays within its host, so next to the direct link it counts for pages only.
  const once = target.isPage ? 'true' : 'links.via_page IS NULL';
  return `SELECT links.*, ${subject} AS subject FROM links
    WHERE ${scope.onLinks} AND ${countedLinks(options)} AND ${once} AND ${linkFilter}`;
}

/** SQL for the metrics of each group of links, and its rank: that of the highest page among its sources. */
export function groupsOf(links: string, name: string): string {
  return `SELECT ${name}, ${scaledRank('best.rank')} AS rank, ${metricColumns('m')}
    FROM (${metricsQuery(links)}) m JOIN (
      SELECT subject, max(pages.rank) AS rank FROM (${links}) JOIN pages ON page_id = source_page GROUP BY subject
    ) best ON best.subject = m.subject`;
}
