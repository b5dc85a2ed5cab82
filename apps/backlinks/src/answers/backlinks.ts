import { ALL_OPERATORS, ENDPOINTS } from '@linkhaul/schemas';
import type { Field } from '../filters/fields.js';
import { linksBy } from './link-groups.js';
import { LINK_JOINS, linkItem, linkItemFields } from './link-item.js';
import type { Listing } from './listing.js';
import { scaledRank } from './metric-item.js';
import type { ListOptions } from './options.js';

const KEYWORDS = ['3', '10', '100'].map((top) => `page_from_keywords_count_top_${top}`);

const fields = new Map<string, Field>([
  ...linkItemFields('page'),
  ['image_url', { type: 'str', sql: 'NULL::VARCHAR' }],
  ...KEYWORDS.map((name): [string, Field] => [`ranked_keywords_info.${name}`, { type: 'num', sql: 'NULL::BIGINT' }]),
]);

/** The pages that link to a target, each with one link, the highest rank first. */
export const backlinks: Listing = {
  functionId: '0269',
  fields: { fields, maps: new Map(), alias: (name) => name },
  operators: ALL_OPERATORS,
  rows: (scope, call, linkFilter) => {
    const pages = onePerPage(linksBy('links.source_page', scope, call, linkFilter));
    const group = groupOf(call.options);
    if (group === null) return `SELECT *, 0 AS group_count FROM (${pages})`;
    return `SELECT *, (sum(links_count) OVER (PARTITION BY group_key))::INTEGER AS group_count
      FROM (SELECT page.*, ${fields.get(group.field)?.sql} AS group_key FROM (${pages}) page)`;
  },
  most: ({ options }) => {
    const group = groupOf(options);
    return group && { column: 'group_key', rows: group.most };
  },
  order: ['rank,desc', 'last_seen,desc', 'url_from,asc'],
  joins: LINK_JOINS,
  item: linkItem(Object.keys(ENDPOINTS.backlinks.item.shape), {
    type: `'backlink'`,
    image_url: 'NULL',
    ranked_keywords_info: `{${KEYWORDS.map((name) => `'${name}': NULL`).join(', ')}}`,
  }),
  head: ({ target, options }) => ({ target: target.given, mode: options.mode, custom_mode: options.customMode }),
  hasTokens: true,
};

/** For each page, the link that was seen last, with the page's rank and its number of links. */
export function onePerPage(links: string): string {
  return `SELECT counted.*, ${scaledRank('pages.rank')} AS rank FROM (
      SELECT *, (count(*) OVER (PARTITION BY subject))::INTEGER AS links_count FROM (${links})
      QUALIFY row_number() OVER (PARTITION BY subject ORDER BY last_seen DESC, link_id, via_page NULLS FIRST) = 1
    ) counted JOIN pages ON page_id = subject`;
}

/** The field by which items are grouped, and how many items of each group are wanted; null for all items. */
function groupOf({ mode, customMode }: ListOptions): { field: string; most: number } | null {
  if (customMode !== null) return { field: customMode.field, most: customMode.value };
  if (mode === 'as_is') return null;
  return { field: mode === 'one_per_domain' ? 'domain_from' : 'anchor', most: 1 };
}
