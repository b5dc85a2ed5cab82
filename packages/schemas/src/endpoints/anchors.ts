import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { listParams } from './list-params.js';
import { FIRST_METRICS, METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import { includeIndirectLinks, MAX_LIMIT } from './params.js';

const known = { fields: ['anchor', ...METRIC_FIELDS], maps: METRIC_MAPS };

/** The texts of the links to a target. Links without text, such as those of images, are one item whose anchor is null. */
export const anchors = {
  name: 'anchors',
  title: 'Anchors',
  gives: 'Each text with which others link to a target.',
  firstShown: ['anchor', ...FIRST_METRICS, 'first_seen'],
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  key: keyOf('anchor'),
  totalCountsItems: true,
  params: z.strictObject({
    ...listParams(known, { caseInsensitive: true }),
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    anchor: z.string().nullable().optional(),
    ...metrics,
  }),
} as const satisfies ListEndpoint;
