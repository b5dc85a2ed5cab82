import { pageIntersectionLink } from '@linkhaul/schemas';
import { onePerPage } from './backlinks.js';
import type { Intersection } from './intersection.js';
import { lookedUp } from './link-fields.js';
import { linksBy } from './link-groups.js';
import { linkItem, linkItemFields } from './link-item.js';

const NAMES = Object.keys(pageIntersectionLink);

/** The pages that link to the targets of a set, with the link of each to each target that was seen last. */
export const pageIntersection: Intersection = {
  functionId: '0287',
  subject: 'source_page',
  rows: (scope, call, linkFilter) => `SELECT one.*, 0 AS group_count, pages.url
    FROM (${onePerPage(linksBy('links.source_page', scope, call, linkFilter))}) one
      JOIN pages ON pages.page_id = one.subject`,
  name: 'url',
  fieldsOf: (row) => ({ fields: new Map(linkItemFields(row)), maps: new Map(), alias: (name) => name }),
  member: 'page_intersection',
  item: (row) => `[${linkItem(NAMES, { type: `'backlinks_page_intersection'` }, { row, ends: lookedUp(row) })}]`,
};
