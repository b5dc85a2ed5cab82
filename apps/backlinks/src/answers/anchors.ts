import { ALL_OPERATORS } from '@linkhaul/schemas';
import { groupsOf, linksBy } from './link-groups.js';
import type { Listing } from './listing.js';
import { summaryFields } from './metric-fields.js';
import { LIMITED_METRICS } from './metric-item.js';

/** The texts of the links to a target, the most frequent first. All links without a text are one item. */
export const anchors: Listing = {
  functionId: '0272',
  fields: summaryFields('anchor'),
  operators: ALL_OPERATORS,
  rows: (scope, call, linkFilter) =>
    groupsOf(linksBy(`coalesce(links.anchor, '')`, scope, call, linkFilter), `nullif(m.subject, '') AS anchor`),
  order: ['backlinks,desc', 'anchor,asc'],
  item: `to_json({'type': 'backlinks_anchor', 'anchor': page.anchor, 'rank': page.rank, ${LIMITED_METRICS}})`,
};
