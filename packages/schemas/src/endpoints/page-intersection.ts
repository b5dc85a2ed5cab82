import { z } from 'zod';
import type { SetEndpoint } from './endpoint.js';
import { intersectionParams, intersectionSummary } from './intersection-params.js';
import { keyInEach } from './item-key.js';
import { link } from './link.js';
import { linkScope } from './list-params.js';
import { includeIndirectLinks, internalListLimit, MAX_LIMIT, MAX_SET_EXCLUDED, MAX_SET_TARGETS } from './params.js';

/** A link to one target of the set. */
export const pageIntersectionLink = link;

const { type: _, indirect_link_path: __, ...plain } = link;
const ofEach = {
  fields: [...Object.keys(plain), ...['type', 'status_code', 'url'].map((name) => `indirect_link_path.${name}`)],
  maps: [],
};

/** The pages that link to the targets of a set, and to none of the excluded ones. */
export const pageIntersection = {
  name: 'page_intersection',
  title: 'Page intersection',
  gives: 'Each page that links to the targets of a set, with its links.',
  firstShown: ['page_intersection', 'summary.intersections_count'],
  kind: 'set',
  acceptsPages: true,
  maxTargets: MAX_SET_TARGETS,
  maxExcluded: MAX_SET_EXCLUDED,
  maxLimit: MAX_LIMIT,
  key: keyInEach('page', { member: 'page_intersection', field: 'url_from' }),
  totalCountsItems: true,
  params: z.strictObject({
    ...intersectionParams(ofEach, { caseInsensitive: true }),
    internal_list_limit: internalListLimit,
    ...linkScope,
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    page_intersection: z
      .record(z.string(), z.array(z.looseObject(link).nullable()).nullable())
      .nullable()
      .optional(),
    summary: intersectionSummary,
  }),
} as const satisfies SetEndpoint;
