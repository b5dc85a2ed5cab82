import type { Field } from '../filters/fields.js';
import { timeText } from '../graph/metric-json.js';
import { type Ends, linkFields, lookedUp } from './link-fields.js';
import { scaledRank } from './metric-item.js';

/** Fields that are the same for every link. Those that the graph does not know are null. */
const CONSTANT: [name: string, field: Field][] = [
  ['domain_from_is_ip', { type: 'bool', sql: 'false' }],
  ['prev_seen', { type: 'time', sql: 'NULL::TIMESTAMP' }],
  ['original', { type: 'bool', sql: 'NULL::BOOLEAN' }],
  ['alt', { type: 'str', sql: 'NULL::VARCHAR' }],
  ['text_pre', { type: 'str', sql: 'NULL::VARCHAR' }],
  ['text_post', { type: 'str', sql: 'NULL::VARCHAR' }],
];

/** The fields that describe an item's link, in terms of the columns of `row`: those of `links`, a rank and two counts. */
function itemFields(row: string, ends: Ends): [name: string, field: Field][] {
  return [
    ['rank', { type: 'num', sql: `${row}.rank` }],
    ['links_count', { type: 'num', sql: `${row}.links_count` }],
    ['group_count', { type: 'num', sql: `${row}.group_count` }],
    ...linkFields(row, ends, scaledRank),
    ...CONSTANT,
  ];
}

/** The fields of `row` that filters and sorting can name. */
export function linkItemFields(row: string): [name: string, field: Field][] {
  return itemFields(row, lookedUp(row));
}

const joined = (table: string) => (column: string) => `${table}.${column}`;

const ENDS: Ends = {
  source: joined('source'),
  target: joined('target'),
  via: joined('via'),
  sourceHost: joined('source_host'),
  targetHost: joined('target_host'),
  sourceDomain: joined('source_domain'),
  platforms: 'platform_sets.names',
  attributes: 'attribute_sets.names',
};

/** Joins the tables that `page` refers to, for `linkItem`. */
export const LINK_JOINS = `JOIN pages source ON source.page_id = page.source_page
  JOIN pages target ON target.page_id = page.target_page
  LEFT JOIN pages via ON via.page_id = page.via_page
  JOIN hosts source_host ON source_host.host_id = page.source_host
  JOIN hosts target_host ON target_host.host_id = page.target_host
  JOIN domains source_domain ON source_domain.domain_id = page.source_domain
  LEFT JOIN platform_sets ON platform_sets.set_id = page.platform_set
  JOIN attribute_sets ON attribute_sets.set_id = page.attribute_set`;

const PATH = `CASE WHEN page.via_page IS NOT NULL
  THEN [{'type': page.indirect_via, 'status_code': via.status_code, 'url': via.url}] END`;

/** The JSON of a link with these fields, in this order. `further` has the SQL of fields that are not defined in this file. */
export function linkItem(names: readonly string[], further: Readonly<Record<string, string>>): string {
  const fields = new Map(itemFields('page', ENDS));
  const sqlOf = (name: string) => {
    const field = fields.get(name);
    return field?.type === 'time' ? timeText(field.sql) : field?.sql;
  };
  const known: Readonly<Record<string, string>> = { indirect_link_path: PATH, ...further };
  return `to_json({${names.map((name) => `'${name}': ${known[name] ?? sqlOf(name)}`).join(', ')}})`;
}
