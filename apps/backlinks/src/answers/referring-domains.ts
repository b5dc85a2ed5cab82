import { BASE_OPERATORS } from '@linkhaul/schemas';
import { metricsQuery } from '../graph/metrics.js';
import type { Listing } from './listing.js';
import { summaryFields } from './metric-fields.js';
import { LIMITED_METRICS, scaledRank } from './metric-item.js';
import { metricColumns } from './page-metrics.js';
import { countedLinks, type Scope } from './scope.js';
import type { ListCall } from './target.js';

/** The main domains that link to a target, the highest rank first. */
export const referringDomains: Listing = {
  functionId: '0273',
  fields: summaryFields('domain'),
  operators: BASE_OPERATORS,
  rows: (
    scope,
    call,
    linkFilter,
  ) => `SELECT domains.domain, ${scaledRank('domains.rank')} AS rank, ${metricColumns('m')}
    FROM (${metricsQuery(linksOf(scope, call, linkFilter))}) m JOIN domains ON domains.domain_id = m.subject`,
  order: 'rank DESC, backlinks DESC, domain',
  item: `to_json({'type': 'backlinks_referring_domain', 'domain': page.domain, 'rank': page.rank,
    ${LIMITED_METRICS}})`,
};

function linksOf(scope: Scope, { target, options }: ListCall, linkFilter: string): string {
  // An indirect link stays within its host, so next to the direct link it counts for pages only.
  const once = target.isPage ? 'true' : 'links.via_page IS NULL';
  return `SELECT links.*, links.source_domain AS subject FROM links
    WHERE ${scope.onLinks} AND ${countedLinks(options)} AND ${once} AND ${linkFilter}`;
}
