import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { MAX_TARGETS } from './params.js';

/** The number of live backlinks of each target; a root domain counts with its subdomains. */
export const bulkBacklinks = {
  name: 'bulk_backlinks',
  title: 'Backlink counts',
  gives: 'The number of live backlinks of each target.',
  firstShown: ['backlinks'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({}),
  item: z.looseObject({
    target: z.string(),
    backlinks: z.int().nullable().optional(),
  }),
} as const satisfies BulkEndpoint;
