import { PAGE_META, PAGE_VISIT } from './rows.js';

export type FieldType = 'num' | 'str' | 'time' | 'bool' | 'array' | 'numbers';

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
  numbers: [...MEMBERS, '=', '<>', 'in', 'not_in'],
  array: [...MEMBERS, '=', '<>', 'in', 'not_in', ...PATTERNS, ...OTHER_PATTERNS],
};

export function isListed(type: FieldType): boolean {
  return type === 'array' || type === 'numbers';
}

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

const LINK_TYPES: Readonly<Record<string, FieldType>> = {
  domain_from: 'str',
  url_from: 'str',
  url_from_https: 'bool',
  domain_to: 'str',
  url_to: 'str',
  url_to_https: 'bool',
  tld_from: 'str',
  is_new: 'bool',
  is_lost: 'bool',
  backlink_spam_score: 'num',
  page_from_rank: 'num',
  domain_from_rank: 'num',
  domain_from_platform_type: 'array',
  domain_from_ip: 'str',
  domain_from_country: 'str',
  page_from_external_links: 'num',
  page_from_internal_links: 'num',
  page_from_size: 'num',
  page_from_encoding: 'str',
  page_from_language: 'str',
  page_from_title: 'str',
  page_from_status_code: 'num',
  first_seen: 'time',
  last_seen: 'time',
  item_type: 'str',
  attributes: 'array',
  dofollow: 'bool',
  anchor: 'str',
  semantic_location: 'str',
  is_broken: 'bool',
  url_to_status_code: 'num',
  url_to_spam_score: 'num',
  url_to_redirect_target: 'str',
  is_indirect_link: 'bool',
  'indirect_link_path.type': 'array',
  'indirect_link_path.status_code': 'numbers',
  'indirect_link_path.url': 'array',
};

/** What the graph says the same of every link. */
export const CONSTANT_FIELDS = ['is_new', 'url_from_https', 'page_from_status_code', 'domain_from_is_ip'];

export const LINK_FIELDS: FieldList = { fields: new Map(Object.entries(LINK_TYPES)), maps: new Map() };

const backlinks: FieldList = {
  fields: new Map<string, FieldType>([
    ...Object.entries(LINK_TYPES),
    ['domain_from_is_ip', 'bool'],
    ['rank', 'num'],
    ['links_count', 'num'],
    ['group_count', 'num'],
  ]),
  maps: new Map(),
};

export const ITEM_FIELDS = {
  backlinks,
  competitors,
  anchors: summaryFields('anchor'),
  referring_networks: summaryFields('network_address', ['backlinks_spam_score']),
  referring_domains: summaryFields('domain'),
  domain_pages_summary: summaryFields('url'),
  domain_pages: domainPages,
} as const satisfies Record<string, FieldList>;
