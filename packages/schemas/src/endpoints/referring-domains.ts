import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { listParams } from './list-params.js';
import { FIRST_METRICS, METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import { includeIndirectLinks, MAX_LIMIT } from './params.js';

const known = { fields: ['domain', ...METRIC_FIELDS], maps: METRIC_MAPS };

/** The domains that link to a target. Its `total_count` counts main domains, its items domains. */
export const referringDomains = {
  name: 'referring_domains',
  title: 'Referring domains',
  gives: 'Each domain that links to a target.',
  firstShown: ['domain', ...FIRST_METRICS, 'first_seen'],
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  key: keyOf('domain'),
  totalCountsItems: false,
  params: z.strictObject({
    ...listParams(known, { caseInsensitive: false }),
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    domain: z.string().nullable().optional(),
    ...metrics,
  }),
} as const satisfies ListEndpoint;
