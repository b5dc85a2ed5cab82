import { z } from 'zod';
import { upstreamTime } from './metrics.js';

const text = z.string().nullable().optional();
const count = z.int().nullable().optional();
const flag = z.boolean().nullable().optional();
const texts = z.array(z.string().nullable()).nullable().optional();

/** A link as the items of backlinks have it, and those of page_intersection. */
export const link = {
  type: text,
  domain_from: text,
  url_from: text,
  url_from_https: flag,
  domain_to: text,
  url_to: text,
  url_to_https: flag,
  tld_from: text,
  is_new: flag,
  is_lost: flag,
  backlink_spam_score: count,
  rank: count,
  page_from_rank: count,
  domain_from_rank: count,
  domain_from_platform_type: texts,
  domain_from_is_ip: flag,
  domain_from_ip: text,
  domain_from_country: text,
  page_from_external_links: count,
  page_from_internal_links: count,
  page_from_size: count,
  page_from_encoding: text,
  page_from_language: text,
  page_from_title: text,
  page_from_status_code: count,
  first_seen: upstreamTime,
  prev_seen: upstreamTime,
  last_seen: upstreamTime,
  item_type: text,
  attributes: texts,
  dofollow: flag,
  original: flag,
  alt: text,
  anchor: text,
  text_pre: text,
  text_post: text,
  semantic_location: text,
  links_count: count,
  group_count: count,
  is_broken: flag,
  url_to_status_code: count,
  url_to_spam_score: count,
  url_to_redirect_target: text,
  is_indirect_link: flag,
  /** The redirects and canonicals on the way, in order. */
  indirect_link_path: z
    .array(z.looseObject({ type: text, status_code: count, url: text }).nullable())
    .nullable()
    .optional(),
};
