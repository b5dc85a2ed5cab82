import type { Field, FieldTable } from '../filters/fields.js';

/**
 * The fields that `backlinks_filters` can name: the columns of `links`, under the names that the upstream's `backlinks`
 * endpoint uses. The upstream documents only `dofollow` for these filters.
 */
export const LINK_FIELDS: FieldTable = {
  fields: new Map<string, Field>([
    ['dofollow', { type: 'bool', sql: '(NOT links.nofollow)' }],
    ['item_type', { type: 'str', sql: 'links.type' }],
    ['attributes', { type: 'array.str', sql: of('attribute_sets.names', 'set_id', 'attribute_set') }],
    ['semantic_location', { type: 'str', sql: 'links.semantic_location' }],
    ['anchor', { type: 'str', sql: 'links.anchor' }],
    ['first_seen', { type: 'time', sql: 'links.first_seen' }],
    ['last_seen', { type: 'time', sql: 'links.last_seen' }],
    ['lost_date', { type: 'time', sql: 'links.lost_date' }],
    ['is_lost', { type: 'bool', sql: '(links.lost_date IS NOT NULL)' }],
    ['is_broken', { type: 'bool', sql: 'links.broken' }],
    ['is_indirect_link', { type: 'bool', sql: '(links.via_page IS NOT NULL)' }],
    ['url_from', { type: 'str', sql: of('pages.url', 'page_id', 'source_page') }],
    ['domain_from', { type: 'str', sql: of('hosts.host', 'host_id', 'source_host') }],
    ['url_to', { type: 'str', sql: of('pages.url', 'page_id', 'target_page') }],
    ['domain_to', { type: 'str', sql: of('hosts.host', 'host_id', 'target_host') }],
    ['tld_from', { type: 'str', sql: 'links.tld' }],
    ['domain_from_ip', { type: 'str', sql: of('hosts.ip', 'host_id', 'source_host') }],
    ['domain_from_country', { type: 'str', sql: 'links.country' }],
    ['domain_from_platform_type', { type: 'array.str', sql: of('platform_sets.names', 'set_id', 'platform_set') }],
    ['backlink_spam_score', { type: 'num', sql: 'links.spam_score' }],
    ['page_from_rank', { type: 'num', sql: of('pages.rank', 'page_id', 'source_page') }],
    ['domain_from_rank', { type: 'num', sql: of('domains.rank', 'domain_id', 'source_domain') }],
    ['url_to_status_code', { type: 'num', sql: of('pages.status_code', 'page_id', 'target_page') }],
  ]),
  maps: new Map(),
  alias: (name) => name,
};

/** A column of a row that `links` refers to by id. DuckDB turns the subquery into a join, only if a filter uses it. */
function of(column: string, key: string, number: string): string {
  const [table = ''] = column.split('.');
  return `(SELECT ${column} FROM ${table} WHERE ${table}.${key} = links.${number})`;
}
