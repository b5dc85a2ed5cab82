import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { MAX_TARGETS } from './params.js';

/** The spam score of each target, 0 to 100. Of the bulk endpoints whose items name a `target`, only this one gives them a type. */
export const bulkSpamScore = {
  name: 'bulk_spam_score',
  title: 'Spam scores',
  gives: 'The spam score of each target, from 0 to 100.',
  firstShown: ['spam_score'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({}),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    target: z.string(),
    spam_score: z.int().nullable().optional(),
  }),
} as const satisfies BulkEndpoint;
