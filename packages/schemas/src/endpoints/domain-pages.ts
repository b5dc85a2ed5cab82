import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { listParams } from './list-params.js';
import { FIRST_METRICS, METRIC_FIELDS, METRIC_MAPS, metrics, upstreamTime } from './metrics.js';
import { MAX_LIMIT } from './params.js';

const text = z.string().nullable().optional();
const count = z.int().nullable().optional();
const texts = z.array(z.string().nullable()).nullable().optional();

const meta = {
  title: text,
  canonical: text,
  internal_links_count: count,
  external_links_count: count,
  images_count: count,
  words_count: count,
  page_spam_score: count,
  social_media_tags: z.record(z.string(), z.string().nullable()).nullable().optional(),
  h1: texts,
  h2: texts,
  h3: texts,
  images_alt: texts,
  powered_by: texts,
  language: text,
  charset: text,
  platform_type: texts,
  // The vendor's types say a string for each group, its answers also hold lists.
  technologies: z.record(z.string(), z.unknown()).nullable().optional(),
};

const page = {
  main_domain: text,
  domain: text,
  tld: text,
  page: text,
  ip: text,
  first_visited: upstreamTime,
  prev_visited: upstreamTime,
  fetch_time: upstreamTime,
  status_code: count,
  location: text,
  size: count,
  encoded_size: count,
  content_encoding: text,
  media_type: text,
  server: text,
};

const known = {
  fields: [
    ...Object.keys(page),
    ...Object.keys(meta).map((name) => `meta.${name}`),
    ...METRIC_FIELDS.map((name) => `page_summary.${name}`),
  ],
  maps: ['meta.social_media_tags', 'meta.technologies', ...METRIC_MAPS.map((name) => `page_summary.${name}`)],
};

/** The pages of a domain or subdomain with what was found on each and the backlinks of each. */
export const domainPages = {
  name: 'domain_pages',
  title: 'Pages of domains',
  gives: 'Each page of a domain, with what was found on it.',
  firstShown: ['page', 'status_code', 'meta.title', ...FIRST_METRICS.map((metric) => `page_summary.${metric}`)],
  kind: 'list',
  acceptsPages: false,
  maxLimit: MAX_LIMIT,
  key: keyOf('page'),
  totalCountsItems: true,
  params: z.strictObject(listParams(known, { caseInsensitive: true })),
  item: z.looseObject({
    type: text,
    ...page,
    meta: z.looseObject(meta).nullable().optional(),
    page_summary: z.looseObject(metrics).nullable().optional(),
  }),
} as const satisfies ListEndpoint;
