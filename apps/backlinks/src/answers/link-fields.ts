import type { Field, FieldTable } from '../filters/fields.js';

/** SQL of columns of what a link refers to by id. */
export interface Ends {
  readonly source: (column: string) => string;
  readonly target: (column: string) => string;
  /** The page over which an indirect link comes. */
  readonly via: (column: string) => string;
  readonly sourceHost: (column: string) => string;
  readonly targetHost: (column: string) => string;
  readonly sourceDomain: (column: string) => string;
  readonly platforms: string;
  readonly attributes: string;
}

/**
 * The fields of a link, under the upstream's names, by the columns of `row`, a row of `links`. The words that the table has for
 * "none" are null here. `onScale` is SQL of a rank of 0 to 1000 on the scale that is asked for.
 */
export function linkFields(
  row: string,
  ends: Ends,
  onScale: (rank: string) => string = (rank) => rank,
): [name: string, field: Field][] {
  const { source, target, via } = ends;
  return [
    ['domain_from', { type: 'str', sql: ends.sourceHost('host') }],
    ['url_from', { type: 'str', sql: source('url') }],
    ['url_from_https', { type: 'bool', sql: isSecure(source('url')) }],
    ['domain_to', { type: 'str', sql: ends.targetHost('host') }],
    ['url_to', { type: 'str', sql: target('url') }],
    ['url_to_https', { type: 'bool', sql: isSecure(target('url')) }],
    ['tld_from', { type: 'str', sql: `${row}.tld` }],
    ['is_new', { type: 'bool', sql: `(${row}.first_seen > ${source('prev_visited')})` }],
    ['is_lost', { type: 'bool', sql: `(${row}.lost_date IS NOT NULL)` }],
    ['backlink_spam_score', { type: 'num', sql: `${row}.spam_score` }],
    ['page_from_rank', { type: 'num', sql: onScale(source('rank')) }],
    ['domain_from_rank', { type: 'num', sql: onScale(ends.sourceDomain('rank')) }],
    ['domain_from_platform_type', { type: 'array.str', sql: notEmpty(ends.platforms) }],
    ['domain_from_ip', { type: 'str', sql: ends.sourceHost('ip') }],
    ['domain_from_country', { type: 'str', sql: `nullif(${row}.country, '')` }],
    ['page_from_external_links', { type: 'num', sql: source('external_links_count') }],
    ['page_from_internal_links', { type: 'num', sql: source('internal_links_count') }],
    ['page_from_size', { type: 'num', sql: source('size') }],
    ['page_from_encoding', { type: 'str', sql: source('charset') }],
    ['page_from_language', { type: 'str', sql: source('language') }],
    ['page_from_title', { type: 'str', sql: source('title') }],
    ['page_from_status_code', { type: 'num', sql: source('status_code') }],
    ['first_seen', { type: 'time', sql: `${row}.first_seen` }],
    ['last_seen', { type: 'time', sql: `${row}.last_seen` }],
    ['item_type', { type: 'str', sql: `${row}.type` }],
    ['attributes', { type: 'array.str', sql: notEmpty(ends.attributes) }],
    ['dofollow', { type: 'bool', sql: `(NOT ${row}.nofollow)` }],
    ['anchor', { type: 'str', sql: `nullif(${row}.anchor, '')` }],
    ['semantic_location', { type: 'str', sql: `nullif(${row}.semantic_location, '')` }],
    ['is_broken', { type: 'bool', sql: `${row}.broken` }],
    ['url_to_status_code', { type: 'num', sql: target('status_code') }],
    ['url_to_spam_score', { type: 'num', sql: target('spam_score') }],
    ['url_to_redirect_target', { type: 'str', sql: target('location') }],
    ['is_indirect_link', { type: 'bool', sql: `(${row}.via_page IS NOT NULL)` }],
    ['indirect_link_path.type', { type: 'array.str', sql: oneStep(`${row}.indirect_via`) }],
    ['indirect_link_path.status_code', { type: 'array.num', sql: oneStep(via('status_code')) }],
    ['indirect_link_path.url', { type: 'array.str', sql: oneStep(via('url')) }],
  ];
}

/** Looks up what a link refers to. DuckDB turns such a subquery into a join, only if a filter uses it. */
export function lookedUp(row: string): Ends {
  const from = (table: string, key: string, number: string) => (column: string) =>
    `(SELECT ${table}.${column} FROM ${table} WHERE ${table}.${key} = ${row}.${number})`;
  return {
    source: from('pages', 'page_id', 'source_page'),
    target: from('pages', 'page_id', 'target_page'),
    via: from('pages', 'page_id', 'via_page'),
    sourceHost: from('hosts', 'host_id', 'source_host'),
    targetHost: from('hosts', 'host_id', 'target_host'),
    sourceDomain: from('domains', 'domain_id', 'source_domain'),
    platforms: from('platform_sets', 'set_id', 'platform_set')('names'),
    attributes: from('attribute_sets', 'set_id', 'attribute_set')('names'),
  };
}

/** What `backlinks_filters` can name, of which the upstream documents only `dofollow`. */
export const LINK_FIELDS: FieldTable = {
  fields: new Map(linkFields('links', lookedUp('links'))),
  maps: new Map(),
  alias: (name) => name,
};

function isSecure(url: string): string {
  return `is_secure(${url})`;
}

function notEmpty(words: string): string {
  return `known_list(${words})`;
}

/** A path has one step, or there is none. */
function oneStep(value: string): string {
  return `one_entry(${value})`;
}
