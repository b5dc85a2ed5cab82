import { ALL_OPERATORS } from '@linkhaul/schemas';
import type { Field } from '../filters/fields.js';
import { linksBy } from './link-groups.js';
import type { Listing } from './listing.js';
import { scaledRank } from './metric-item.js';
import { countedLinks } from './scope.js';
import { domainOf } from './target.js';

/** The rank from which a domain counts as large: about ten of 20,000 domains are. */
const LARGE = 900;

/** The domains that share referring domains with a target, those that share the most first. */
export const competitors: Listing = {
  functionId: '0461',
  fields: {
    fields: new Map<string, Field>([
      ['target', { type: 'str', sql: 'target' }],
      ['intersections', { type: 'num', sql: 'intersections' }],
      ['rank', { type: 'num', sql: 'rank' }],
    ]),
    maps: new Map(),
    alias: (name) => name,
  },
  operators: ALL_OPERATORS,
  about: ({ target, options }) => (options.mainDomain ? domainOf(target) : target),
  rows: (scope, call) => `WITH own AS (${linksBy('links.source_domain', scope, call, 'true')})
    SELECT domains.domain AS target, ${scaledRank('domains.rank')} AS rank, intersections
    FROM domains JOIN (
      SELECT links.target_domain AS domain_id, count(DISTINCT links.source_domain)::INTEGER AS intersections FROM links
      WHERE ${countedLinks(call.options)} AND links.via_page IS NULL
        AND links.source_domain IN (SELECT subject FROM own)
        AND links.target_domain <> (SELECT any_value(target_domain) FROM own)
      GROUP BY links.target_domain
    ) USING (domain_id)
    ${call.options.excludeLarge ? `WHERE domains.rank < ${LARGE}` : ''}`,
  order: ['intersections,desc', 'rank,desc', 'target,asc'],
  item: `to_json({'type': 'backlinks_competitors', 'target': page.target, 'rank': page.rank,
    'intersections': page.intersections})`,
  head: () => ({}),
  readsAll: true,
};
