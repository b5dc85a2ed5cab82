import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { itemParams } from './list-params.js';
import { metrics } from './metrics.js';
import { excludeInternalBacklinks, MAX_LIMIT, rankScale } from './params.js';

const known = { fields: ['target', 'intersections', 'rank'], maps: [] };

/** The domains to which the same domains link as to a target. An item's `target` is the competitor; no answer echoes the target. */
export const competitors = {
  name: 'competitors',
  title: 'Competitors',
  gives: 'Each domain to which the same domains link as to a target.',
  firstShown: known.fields,
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  key: { ...keyOf('target'), names: ['competitor'] },
  totalCountsItems: true,
  params: z.strictObject({
    ...itemParams(known, { caseInsensitive: true }),
    main_domain: z.boolean().optional().meta({
      description: 'Asks about the registrable domain of the target, even if the target is a subdomain or a page.',
      'x-default': true,
    }),
    exclude_large_domains: z
      .boolean()
      .optional()
      .meta({ description: 'Leaves out domains to which everybody links.', 'x-default': true }),
    exclude_internal_backlinks: excludeInternalBacklinks,
    rank_scale: rankScale,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    target: z.string().nullable().optional(),
    rank: metrics.rank,
    intersections: z.int().nullable().optional(),
  }),
} as const satisfies ListEndpoint;
