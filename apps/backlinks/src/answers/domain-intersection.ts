import type { Field } from '../filters/fields.js';
import type { Intersection } from './intersection.js';
import { groupsOf, linksBy } from './link-groups.js';
import { summaryFields } from './metric-fields.js';
import { limitedMetrics } from './metric-item.js';

const FIELDS = summaryFields('target');

/** The domains that link to the targets of a set, with the metrics of their links to each target. */
export const domainIntersection: Intersection = {
  functionId: '0268',
  subject: 'source_domain',
  rows: (scope, call, linkFilter) => `SELECT groups.*, domains.domain AS target
    FROM (${groupsOf(linksBy('links.source_domain', scope, call, linkFilter), 'm.subject')}) groups
      JOIN domains ON domains.domain_id = groups.subject`,
  name: 'target',
  fieldsOf: (row) => ({
    fields: of(row, FIELDS.fields),
    maps: of(row, FIELDS.maps),
    alias: FIELDS.alias,
  }),
  member: 'domain_intersection',
  item: (column) => `{'type': 'backlinks_domain_intersection', 'target': page.${column}.target,
    'rank': page.${column}.rank, ${limitedMetrics([], `page.${column}`)}}`,
};

function of(row: string, fields: ReadonlyMap<string, Field>): Map<string, Field> {
  return new Map([...fields].map(([name, field]) => [name, { ...field, sql: `${row}.${field.sql}` }]));
}
