import { z } from 'zod';
import type { BulkEndpoint } from './endpoint.js';
import { dateFrom, MAX_TARGETS } from './params.js';

/** How many backlinks each target has won and lost since a day; a root domain counts with its subdomains. */
export const bulkNewLostBacklinks = {
  name: 'bulk_new_lost_backlinks',
  title: 'New and lost backlinks',
  gives: 'How many backlinks each target has won and lost since a day.',
  firstShown: ['new_backlinks', 'lost_backlinks'],
  kind: 'bulk',
  acceptsPages: true,
  maxTargets: MAX_TARGETS,
  maxDomains: null,
  targetField: 'target',
  params: z.strictObject({ date_from: dateFrom }),
  item: z.looseObject({
    target: z.string(),
    new_backlinks: z.int().nullable().optional(),
    lost_backlinks: z.int().nullable().optional(),
  }),
} as const satisfies BulkEndpoint;
