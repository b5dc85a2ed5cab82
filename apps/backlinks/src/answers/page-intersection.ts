import { pageIntersectionLink } from '@linkhaul/schemas';
import { onePerPage } from './backlinks.js';
import type { Intersection } from './intersection.js';
import { linksBy } from './link-groups.js';
import { LINK_JOINS, linkItem, linkItemFields } from './link-item.js';

const LINK = linkItem(Object.keys(pageIntersectionLink), { type: `'backlinks_page_intersection'` });

/** The pages that link to the targets of a set, each with its most recently seen link to each target. */
export const pageIntersection: Intersection = {
  functionId: '0287',
  subject: 'source_page',
  rows: (scope, call, linkFilter) => `SELECT one.*, 0 AS group_count, pages.url
    FROM (${onePerPage(linksBy('links.source_page', scope, call, linkFilter))}) one
      JOIN pages ON pages.page_id = one.subject`,
  name: 'url',
  fieldsOf: (row) => ({ fields: new Map(linkItemFields(row)), maps: new Map(), alias: (name) => name }),
  member: 'page_intersection',
  item: (column) => `[link_${column}.link]`,
  // The details of a link are looked up only for the items of the present page, all at once.
  joins: (column) => `LEFT JOIN (SELECT page.of_page, ${LINK} AS link
      FROM (SELECT ${column}.*, name AS of_page FROM page WHERE ${column} IS NOT NULL) page ${LINK_JOINS}
    ) link_${column} ON link_${column}.of_page = page.name`,
};
