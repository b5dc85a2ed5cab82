import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { backlinksFilters, filtersOf, orderByOf } from './filters.js';
import { METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import {
  backlinksStatusType,
  excludeInternalBacklinks,
  includeIndirectLinks,
  includeSubdomains,
  internalListLimit,
  MAX_LIMIT,
  rankScale,
} from './params.js';

const known = { fields: ['domain', ...METRIC_FIELDS], maps: METRIC_MAPS };

/** The domains that link to a target. Its `total_count` counts main domains, its items domains. */
export const referringDomains = {
  name: 'referring_domains',
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  totalCountsItems: false,
  params: z.strictObject({
    internal_list_limit: internalListLimit,
    backlinks_status_type: backlinksStatusType,
    filters: filtersOf(known, { caseInsensitive: false }).optional(),
    order_by: orderByOf(known).optional(),
    backlinks_filters: backlinksFilters.optional(),
    include_subdomains: includeSubdomains,
    include_indirect_links: includeIndirectLinks,
    exclude_internal_backlinks: excludeInternalBacklinks,
    rank_scale: rankScale,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    domain: z.string().nullable().optional(),
    ...metrics,
  }),
} as const satisfies ListEndpoint;
