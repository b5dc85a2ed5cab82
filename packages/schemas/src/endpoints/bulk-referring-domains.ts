import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { metrics } from './metrics.js';
import { MAX_TARGETS } from './params.js';

/** How many domains link to each target. */
export const bulkReferringDomains = {
  name: 'bulk_referring_domains',
  title: 'Referring domain counts',
  gives: 'How many domains link to each target, and how many of them with nofollow.',
  firstShown: ['referring_domains', 'referring_main_domains'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({}),
  item: z.looseObject({
    target: z.string(),
    referring_domains: metrics.referring_domains,
    referring_domains_nofollow: metrics.referring_domains_nofollow,
    referring_main_domains: metrics.referring_main_domains,
    referring_main_domains_nofollow: metrics.referring_main_domains_nofollow,
  }),
} as const satisfies BulkEndpoint;
