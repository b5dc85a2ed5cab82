import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { dateFrom, MAX_TARGETS } from './params.js';

/** How many domains have begun and ceased to link to each target since a day; a root domain counts with its subdomains. */
export const bulkNewLostReferringDomains = {
  name: 'bulk_new_lost_referring_domains',
  title: 'New and lost referring domains',
  gives: 'How many domains have begun and ceased to link to each target since a day.',
  firstShown: ['new_referring_domains', 'lost_referring_domains'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({ date_from: dateFrom }),
  item: z.looseObject({
    target: z.string(),
    new_referring_domains: z.int().nullable().optional(),
    lost_referring_domains: z.int().nullable().optional(),
    new_referring_main_domains: z.int().nullable().optional(),
    lost_referring_main_domains: z.int().nullable().optional(),
  }),
} as const satisfies BulkEndpoint;
