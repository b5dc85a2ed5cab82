import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { MAX_TARGETS, rankScale } from './params.js';

/** The rank of each target; 0 where nothing links to it. */
export const bulkRanks = {
  name: 'bulk_ranks',
  title: 'Ranks',
  gives: 'The rank of each target.',
  firstShown: ['rank'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({ rank_scale: rankScale }),
  item: z.looseObject({
    target: z.string(),
    rank: z.int().nullable().optional(),
  }),
} as const satisfies BulkEndpoint;
