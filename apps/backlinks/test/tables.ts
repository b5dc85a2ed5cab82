import { upstreamTimestamp } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Graph } from '../src/graph/open.js';

const link = z.object({
  target: z.string(),
  target_host: z.string(),
  target_domain: z.string(),
  indirect: z.boolean(),
  source: z.string(),
  source_host: z.string(),
  source_domain: z.string(),
  ip: z.string(),
  subnet: z.number(),
  tld: z.string(),
  country: z.string(),
  spam_score: z.number(),
  platforms: z.array(z.string()),
  attributes: z.array(z.string()),
  type: z.string(),
  semantic_location: z.string(),
  target_status: z.number(),
  first_seen: z.date(),
  lost_date: z.date().nullable(),
});

export type Link = z.infer<typeof link>;

/** Every row of the table of links with the names that its numbers stand for. */
export function allLinks(graph: Graph): Promise<Link[]> {
  return graph.rows(
    `SELECT tp.url AS target, th.host AS target_host, td.domain AS target_domain, via_page IS NOT NULL AS indirect,
       sp.url AS source, sh.host AS source_host, sd.domain AS source_domain, sh.ip, sh.subnet, sd.tld, sp.country,
       sp.spam_score, ps.names AS platforms, ats.names AS attributes, l.type, l.semantic_location,
       tp.status_code AS target_status, l.first_seen, l.lost_date
     FROM links l
       JOIN pages tp ON tp.page_id = l.target_page JOIN hosts th ON th.host_id = tp.host_id
       JOIN domains td ON td.domain_id = th.domain_id
       JOIN pages sp ON sp.page_id = l.source_page JOIN hosts sh ON sh.host_id = sp.host_id
       JOIN domains sd ON sd.domain_id = sh.domain_id
       JOIN platform_sets ps ON ps.set_id = sd.platform_set JOIN attribute_sets ats ON ats.set_id = l.attribute_set`,
    {},
    link,
  );
}

/** The metrics of some links, counted the plain way. */
export function countPlainly(links: readonly Link[]) {
  const distinct = (of: (one: Link) => string | number, among = links) => new Set(among.map(of)).size;
  const nofollow = links.filter(({ attributes }) => attributes.includes('nofollow'));
  const broken = links.filter(({ target_status }) => target_status >= 400);
  const times = links.map(({ first_seen }) => first_seen.getTime());
  const losses = links.flatMap(({ lost_date }) => (lost_date === null ? [] : [lost_date.getTime()]));
  const allLost = links.length > 0 && losses.length === links.length;
  return {
    backlinks: links.length,
    backlinks_spam_score: Math.round(links.reduce((sum, one) => sum + one.spam_score, 0) / links.length),
    broken_backlinks: broken.length,
    broken_pages: distinct(({ target }) => target, broken),
    referring_domains: distinct(({ source_host }) => source_host),
    referring_domains_nofollow: distinct(({ source_host }) => source_host, nofollow),
    referring_main_domains: distinct(({ source_domain }) => source_domain),
    referring_main_domains_nofollow: distinct(({ source_domain }) => source_domain, nofollow),
    referring_ips: distinct(({ ip }) => ip),
    referring_subnets: distinct(({ subnet }) => subnet),
    referring_pages: distinct(({ source }) => source),
    referring_pages_nofollow: distinct(({ source }) => source, nofollow),
    first_seen: upstreamTimestamp(new Date(Math.min(...times))),
    lost_date: allLost ? upstreamTimestamp(new Date(Math.max(...losses))) : null,
    referring_links_tld: tally(links.map(({ tld }) => tld)),
    referring_links_types: tally(links.map(({ type }) => type)),
    referring_links_attributes: tally(links.flatMap(({ attributes }) => attributes)),
    referring_links_platform_types: tally(links.flatMap(({ platforms }) => platforms)),
    referring_links_semantic_locations: tally(links.map(({ semantic_location }) => semantic_location)),
    referring_links_countries: tally(links.map(({ country }) => country)),
  };
}

/** How often each word occurs; null where there is none. */
function tally(words: readonly string[]): Record<string, number> | null {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return words.length === 0 ? null : counts;
}

export function groupedBy(links: readonly Link[], key: (one: Link) => string): Map<string, Link[]> {
  const groups = new Map<string, Link[]>();
  for (const one of links) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}
