import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { listParams } from './list-params.js';
import { FIRST_METRICS, METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import { includeIndirectLinks, MAX_LIMIT } from './params.js';

const known = { fields: ['url', ...METRIC_FIELDS], maps: METRIC_MAPS };

/** The backlink metrics of every page of a domain or subdomain, or of one page. */
export const domainPagesSummary = {
  name: 'domain_pages_summary',
  title: 'Page summaries of domains',
  gives: 'Each page of a domain, with its backlinks and ranks.',
  firstShown: ['url', ...FIRST_METRICS, 'first_seen'],
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  key: keyOf('url'),
  totalCountsItems: true,
  params: z.strictObject({
    ...listParams(known, { caseInsensitive: true }),
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    url: z.string().nullable().optional(),
    ...metrics,
  }),
} as const satisfies ListEndpoint;
