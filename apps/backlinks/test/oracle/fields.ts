import { PAGE_META, PAGE_VISIT } from './rows.js';

export type FieldType = 'num' | 'str' | 'time' | 'bool' | 'array';

/** Values of items and links, as JSON has them. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The fields that a filter may name, and the maps whose keys it may name. */
export interface FieldList {
  readonly fields: ReadonlyMap<string, FieldType>;
  readonly maps: ReadonlyMap<string, 'num' | 'str'>;
}

export interface Field {
  readonly type: FieldType;
  /** The names from the item down to the value. */
  readonly path: readonly string[];
}

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>=', 'in', 'not_in'];
const PATTERNS = ['like', 'not_like', 'regex', 'not_regex'];
const OTHER_PATTERNS = ['ilike', 'not_ilike', 'match', 'not_match'];
const MEMBERS = ['has', 'has_not'];

export const OPERATORS: Readonly<Record<FieldType, readonly string[]>> = {
  num: COMPARISONS,
  time: COMPARISONS,
  bool: ['=', '<>'],
  str: [...COMPARISONS, ...PATTERNS, ...OTHER_PATTERNS],
  array: [...MEMBERS, '=', '<>', 'in', 'not_in', ...PATTERNS, ...OTHER_PATTERNS],
};

/** The operators that an endpoint's `filters` leave out. */
export function lackingIn(name: string): readonly string[] {
  return name === 'referring_domains' ? [...OTHER_PATTERNS, ...MEMBERS] : [];
}

const METRICS: [string, FieldType][] = [
  ...[
    'rank',
    'backlinks',
    'backlinks_spam_score',
    'broken_backlinks',
    'broken_pages',
    'referring_domains',
    'referring_domains_nofollow',
    'referring_main_domains',
    'referring_main_domains_nofollow',
    'referring_ips',
    'referring_subnets',
    'referring_pages',
    'referring_pages_nofollow',
  ].map((name): [string, FieldType] => [name, 'num']),
  ['first_seen', 'time'],
  ['lost_date', 'time'],
];

const METRIC_MAPS = ['tld', 'types', 'attributes', 'platform_types', 'semantic_locations', 'countries'].map(
  (name): [string, 'num'] => [`referring_links_${name}`, 'num'],
);

function typeOfPageField(name: string): FieldType {
  if (/visited$|_time$/.test(name)) return 'time';
  if (/_count$|_score$|size$|^status_code$/.test(name)) return 'num';
  return /^h\d$|^images_alt$|^powered_by$|^platform_type$/.test(name) ? 'array' : 'str';
}

function summaryFields(subject: string, missing: readonly string[] = []): FieldList {
  const metrics = METRICS.filter(([name]) => !missing.includes(name));
  return { fields: new Map([[subject, 'str'], ...metrics]), maps: new Map(METRIC_MAPS) };
}

const META_MAPS = ['social_media_tags', 'technologies'];

const domainPages: FieldList = {
  fields: new Map([
    ...['main_domain', 'domain', 'tld', 'page', 'ip', ...PAGE_VISIT].map((name) => named(name)),
    ...PAGE_META.filter((name) => !META_MAPS.includes(name)).map((name) => named(name, 'meta.')),
    ...METRICS.map(([name, type]): [string, FieldType] => [`page_summary.${name}`, type]),
  ]),
  maps: new Map([
    ...META_MAPS.map((name): [string, 'str'] => [`meta.${name}`, 'str']),
    ...METRIC_MAPS.map(([name, type]): [string, 'num'] => [`page_summary.${name}`, type]),
  ]),
};

function named(name: string, prefix = ''): [string, FieldType] {
  return [prefix + name, typeOfPageField(name)];
}

const competitors: FieldList = {
  fields: new Map([
    ['target', 'str'],
    ['intersections', 'num'],
    ['rank', 'num'],
  ]),
  maps: new Map(),
};

export const ITEM_FIELDS = {
  competitors,
  anchors: summaryFields('anchor'),
  referring_networks: summaryFields('network_address', ['backlinks_spam_score']),
  referring_domains: summaryFields('domain'),
  domain_pages_summary: summaryFields('url'),
  domain_pages: domainPages,
} as const satisfies Record<string, FieldList>;

export const LINK_FIELDS: FieldList = {
  fields: new Map<string, FieldType>([
    ...['dofollow', 'is_lost', 'is_broken', 'is_indirect_link'].map((name): [string, FieldType] => [name, 'bool']),
    ...['first_seen', 'last_seen', 'lost_date'].map((name): [string, FieldType] => [name, 'time']),
    ...['attributes', 'domain_from_platform_type'].map((name): [string, FieldType] => [name, 'array']),
    ...['item_type', 'semantic_location', 'anchor', 'url_from', 'domain_from', 'url_to', 'domain_to'].map(
      (name): [string, FieldType] => [name, 'str'],
    ),
    ...['tld_from', 'domain_from_ip', 'domain_from_country'].map((name): [string, FieldType] => [name, 'str']),
    ...['backlink_spam_score', 'page_from_rank', 'domain_from_rank', 'url_to_status_code'].map(
      (name): [string, FieldType] => [name, 'num'],
    ),
  ]),
  maps: new Map(),
};
