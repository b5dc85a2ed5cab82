import { BASE_OPERATORS } from '@linkhaul/schemas';
import { objectText } from '../graph/metric-json.js';
import { metricsQuery } from '../graph/metrics.js';
import { REFERRING_DOMAIN, TIER_REFERRING, TIER_REFERRING_ITEM } from './domain-tier.js';
import { linksBy } from './link-groups.js';
import type { Listing } from './listing.js';
import { summaryFields } from './metric-fields.js';
import { LIMITED_METRIC_TEXTS, scaledRank } from './metric-item.js';
import { metricColumns } from './page-metrics.js';

/** The main domains that link to a target, the highest rank first. */
export const referringDomains: Listing = {
  functionId: '0273',
  fields: summaryFields('domain'),
  operators: BASE_OPERATORS,
  rows: (
    scope,
    call,
    linkFilter,
  ) => `SELECT domains.domain AS domain, ${scaledRank('domains.rank')} AS rank, ${metricColumns('m')}
    FROM (${metricsQuery(linksBy('links.source_domain', scope, call, linkFilter))}) m JOIN domains ON domains.domain_id = m.subject`,
  order: ['rank,desc', 'backlinks,desc', 'domain,asc'],
  item: objectText([...REFERRING_DOMAIN, ...LIMITED_METRIC_TEXTS]),
  tier: { rows: TIER_REFERRING, item: TIER_REFERRING_ITEM },
};
