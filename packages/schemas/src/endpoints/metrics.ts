import { z } from 'zod';

const count = z.int().nullable().optional();
/** Keys may be empty strings: the upstream's word for "unknown". */
const countMap = z.record(z.string(), z.number().nullable()).nullable().optional();

export const upstreamTimeText = z.string();
/** Times are `yyyy-mm-dd hh:mm:ss +00:00`; in JSON they stay as the upstream wrote them. */
export const upstreamTime = upstreamTimeText.nullable().optional();

/** Backlink metrics that most endpoints report, each nullable as the vendor's types have it. */
export const metrics = {
  rank: count,
  backlinks: count,
  first_seen: upstreamTime,
  lost_date: upstreamTime,
  backlinks_spam_score: count,
  broken_backlinks: count,
  broken_pages: count,
  referring_domains: count,
  referring_domains_nofollow: count,
  referring_main_domains: count,
  referring_main_domains_nofollow: count,
  referring_ips: count,
  referring_subnets: count,
  referring_pages: count,
  referring_pages_nofollow: count,
  referring_links_tld: countMap,
  referring_links_types: countMap,
  referring_links_attributes: countMap,
  referring_links_platform_types: countMap,
  referring_links_semantic_locations: countMap,
  referring_links_countries: countMap,
};

/** The metrics that a table shows first. */
export const FIRST_METRICS = ['rank', 'backlinks', 'referring_domains', 'referring_links_countries'] as const;

export const METRIC_MAPS = [
  'referring_links_tld',
  'referring_links_types',
  'referring_links_attributes',
  'referring_links_platform_types',
  'referring_links_semantic_locations',
  'referring_links_countries',
] as const;

export const METRIC_FIELDS = Object.keys(metrics).filter((name) => !METRIC_MAPS.some((map) => map === name));
