import { z } from 'zod';
import type { SetEndpoint } from './endpoint.js';
import { intersectionParams, intersectionSummary } from './intersection-params.js';
import { keyInEach } from './item-key.js';
import { linkParams } from './list-params.js';
import { METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import { includeIndirectLinks, MAX_LIMIT, MAX_SET_EXCLUDED, MAX_SET_TARGETS } from './params.js';

/** The domains that link to the targets of a set, and to none of the excluded ones. */
export const domainIntersection = {
  name: 'domain_intersection',
  title: 'Domain intersection',
  gives: 'Each domain that links to the targets of a set.',
  firstShown: ['domain_intersection', 'summary.intersections_count'],
  kind: 'set',
  acceptsPages: true,
  maxTargets: MAX_SET_TARGETS,
  maxExcluded: MAX_SET_EXCLUDED,
  maxLimit: MAX_LIMIT,
  key: keyInEach('domain', { member: 'domain_intersection', field: 'target' }),
  totalCountsItems: true,
  params: z.strictObject({
    ...intersectionParams({ fields: ['target', ...METRIC_FIELDS], maps: METRIC_MAPS }, { caseInsensitive: true }),
    ...linkParams,
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    domain_intersection: z
      .record(z.string(), z.looseObject({ target: z.string().nullable().optional(), ...metrics }).nullable())
      .nullable()
      .optional(),
    summary: intersectionSummary,
  }),
} as const satisfies SetEndpoint;
