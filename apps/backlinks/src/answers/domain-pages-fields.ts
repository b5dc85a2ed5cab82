import type { Field, FieldTable, FieldType } from '../filters/fields.js';
import { metricFieldsOf, metricMapsOf, singularType } from './metric-fields.js';

/** The fields of an item that describe its page, by column name. */
const PAGE_FIELDS = {
  main_domain: 'str',
  domain: 'str',
  tld: 'str',
  page: 'str',
  ip: 'str',
  first_visited: 'time',
  prev_visited: 'time',
  fetch_time: 'time',
  status_code: 'num',
  location: 'str',
  size: 'num',
  encoded_size: 'num',
  content_encoding: 'str',
  media_type: 'str',
  server: 'str',
} as const satisfies Record<string, FieldType>;

/** The fields of `meta`: what the crawler found on the page. */
const META_FIELDS = {
  title: 'str',
  canonical: 'str',
  internal_links_count: 'num',
  external_links_count: 'num',
  images_count: 'num',
  words_count: 'num',
  page_spam_score: 'num',
  h1: 'array.str',
  h2: 'array.str',
  h3: 'array.str',
  images_alt: 'array.str',
  powered_by: 'array.str',
  language: 'str',
  charset: 'str',
  platform_type: 'array.str',
} as const satisfies Record<string, FieldType>;

const META_MAPS = ['social_media_tags', 'technologies'] as const;

const plain = Object.entries(PAGE_FIELDS).map(([name, type]): [string, Field] => [name, { type, sql: name }]);
const meta = Object.entries(META_FIELDS).map(([name, type]): [string, Field] => [`meta.${name}`, { type, sql: name }]);
const metaMaps = META_MAPS.map((name): [string, Field] => [`meta.${name}`, { type: 'str', sql: name }]);
const fields = new Map([...plain, ...meta, ...metricFieldsOf('page_summary.')]);
const maps = new Map([...metaMaps, ...metricMapsOf('page_summary.')]);

/**
 * An example of the upstream's documentation filters by `title` and `backlinks`, which are short for `meta.title` and
 * `page_summary.backlinks`.
 */
const prefixed = new Map([...fields.keys(), ...maps.keys()].map((name) => [name.slice(name.indexOf('.') + 1), name]));

export const DOMAIN_PAGES_FIELDS: FieldTable = {
  fields,
  maps,
  alias: (name) => {
    const known = singularType(name);
    const [first = '', ...keys] = known.split('.');
    const full = fields.has(first) ? undefined : prefixed.get(first);
    return full === undefined ? known : [full, ...keys].join('.');
  },
};
