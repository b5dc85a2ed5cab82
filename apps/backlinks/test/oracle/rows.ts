import { z } from 'zod';
import type { Graph } from '../../src/graph/open.js';

const text = z.string();
const number = z.number();
const texts = z.array(z.string());
const time = z.date().transform((date) => `${date.toISOString().slice(0, 19).replace('T', ' ')} +00:00`);
const texted = z
  .string()
  .transform((json) => z.record(z.string(), z.string()).parse(JSON.parse(json)))
  .nullable();

const domain = z.object({
  domain_id: number,
  domain: text,
  tld: text,
  server: text.nullable(),
  country: text.nullable(),
  platform_set: number.nullable(),
  spam_score: number.nullable(),
  rank: number,
});
const host = z.object({
  host_id: number,
  host: text,
  domain_id: number,
  ip: text.nullable(),
  subnet: number.nullable(),
  rank: number,
});

/** What `meta` of a page says, all but its spam score. */
const meta = z.object({
  title: text.nullable(),
  canonical: text.nullable(),
  internal_links_count: number.nullable(),
  external_links_count: number.nullable(),
  images_count: number.nullable(),
  words_count: number.nullable(),
  social_media_tags: texted,
  h1: texts.nullable(),
  h2: texts.nullable(),
  h3: texts.nullable(),
  images_alt: texts.nullable(),
  powered_by: texts.nullable(),
  language: text.nullable(),
  charset: text.nullable(),
  platform_type: texts.nullable(),
  technologies: texted,
});

/** What an item says of a page beside its address and `meta`. */
const visit = z.object({
  first_visited: time.nullable(),
  prev_visited: time.nullable(),
  fetch_time: time.nullable(),
  status_code: number.nullable(),
  location: text.nullable(),
  size: number.nullable(),
  encoded_size: number.nullable(),
  content_encoding: text.nullable(),
  media_type: text.nullable(),
  server: text.nullable(),
});

const page = z.object({
  page_id: number,
  url: text,
  host_id: number,
  country: text.nullable(),
  spam_score: number.nullable(),
  rank: number,
  ...visit.shape,
  ...meta.shape,
});

const link = z.object({
  link_id: number,
  target_page: number,
  via_page: number.nullable(),
  indirect_via: text.nullable(),
  source_page: number,
  type: text,
  semantic_location: text.nullable(),
  attribute_set: number,
  nofollow: z.boolean().nullable(),
  anchor: text.nullable(),
  first_seen: time,
  last_seen: time,
  lost_date: time.nullable(),
});

const set = z.object({ set_id: number, names: texts });

export const PAGE_META = z.object({ page_spam_score: number, ...meta.shape }).keyof().options;
export const PAGE_VISIT = visit.keyof().options;

async function table<S extends z.ZodObject>(graph: Graph, name: string, schema: S) {
  return graph.rows(`SELECT ${Object.keys(schema.shape).join(', ')} FROM ${name}`, {}, schema);
}

/** The base tables as they stand; of `links` only what cannot be told from the pages at its ends. */
export async function readTables(graph: Graph) {
  return {
    domains: await table(graph, 'domains', domain),
    hosts: await table(graph, 'hosts', host),
    pages: await table(graph, 'pages', page),
    links: await table(graph, 'links', link),
    platformSets: await table(graph, 'platform_sets', set),
    attributeSets: await table(graph, 'attribute_sets', set),
  };
}

export type Tables = Awaited<ReturnType<typeof readTables>>;
