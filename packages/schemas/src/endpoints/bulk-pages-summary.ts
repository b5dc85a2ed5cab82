import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { FIRST_METRICS, metrics } from './metrics.js';
import { includeSubdomains, MAX_DOMAINS, MAX_TARGETS, rankScale } from './params.js';

/** All backlink metrics of each target. One call may name at most 100 registrable domains. */
export const bulkPagesSummary = {
  name: 'bulk_pages_summary',
  title: 'Page summaries',
  gives: 'Rank, backlinks, referring domains and more of each target, in one row.',
  firstShown: [...FIRST_METRICS, 'backlinks_spam_score', 'referring_links_tld', 'first_seen'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: MAX_DOMAINS,
  targetField: 'url',
  params: z.strictObject({
    include_subdomains: includeSubdomains,
    rank_scale: rankScale,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    url: z.string(),
    main_domain_rank: z.int().nullable().optional(),
    ...metrics,
  }),
} as const satisfies BulkEndpoint;
