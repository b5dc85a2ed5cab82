import { ALL_OPERATORS } from '@linkhaul/schemas';
import type { Listing } from './listing.js';
import { summaryFields } from './metric-fields.js';
import { LIMITED_METRICS, scaledRank } from './metric-item.js';
import { metricColumns, pageMetrics } from './page-metrics.js';

/** The pages of a target that have backlinks, the most linked-to first. */
export const domainPagesSummary: Listing = {
  functionId: '0274',
  fields: summaryFields('url'),
  operators: ALL_OPERATORS,
  rows: (
    scope,
    { options },
    linkFilter,
  ) => `SELECT pages.url, ${scaledRank('pages.rank')} AS rank, ${metricColumns('m')}
    FROM (${pageMetrics(scope, options, linkFilter)}) m JOIN pages ON pages.page_id = m.subject
    WHERE m.backlinks > 0`,
  order: ['backlinks,desc', 'url,asc'],
  item: `to_json({'type': 'backlinks_page_summary', 'url': page.url, 'rank': page.rank, ${LIMITED_METRICS}})`,
};
