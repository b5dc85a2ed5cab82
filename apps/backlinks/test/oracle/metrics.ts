import { isIndirect, type Link, type World } from './world.js';

export type Counts = Readonly<Record<string, number>>;

/** The maps that `internal_list_limit` cuts. */
export const CUT_MAPS = [
  'referring_links_tld',
  'referring_links_types',
  'referring_links_attributes',
  'referring_links_platform_types',
  'referring_links_semantic_locations',
] as const;

/** All metrics of some links, each counted by itself. */
export function metricsOf(links: readonly Link[], { knowsSpam }: Pick<World, 'knowsSpam'>) {
  const nofollow = links.filter(isNofollow);
  const broken = links.filter(isBroken);
  const knowsBroken = links.length === 0 || links.some((link) => isBroken(link) !== null);
  return {
    backlinks: links.length,
    first_seen: links.map(({ row }) => row.first_seen).toSorted()[0] ?? null,
    lost_date: lastLoss(links),
    backlinks_spam_score: knowsSpam ? mean(links.map(({ source }) => source.row.spam_score ?? 0)) : null,
    broken_backlinks: knowsBroken ? broken.length : null,
    broken_pages: knowsBroken ? distinct(broken.map(({ target }) => target)) : null,
    referring_domains: distinct(links.map(({ source }) => source.host)),
    referring_domains_nofollow: distinct(nofollow.map(({ source }) => source.host)),
    referring_main_domains: distinct(links.map(({ source }) => source.host.site)),
    referring_main_domains_nofollow: distinct(nofollow.map(({ source }) => source.host.site)),
    referring_ips: known(links.map(({ source }) => source.host.ip)),
    referring_subnets: known(links.map(({ source }) => source.host.subnet)),
    referring_pages: distinct(links.map(({ source }) => source)),
    referring_pages_nofollow: distinct(nofollow.map(({ source }) => source)),
    referring_links_tld: tally(links.map(({ source }) => source.host.site.tld)),
    referring_links_types: tally(links.map(({ row }) => row.type)),
    referring_links_attributes: tally(links.flatMap(({ attributes }) => attributes)),
    referring_links_platform_types: tally(links.flatMap(({ source }) => source.host.site.platforms ?? [])),
    referring_links_semantic_locations: tally(links.map(({ row }) => row.semantic_location)),
    referring_links_countries: tally(links.map(({ source }) => source.row.country)),
  };
}

/** A link as `backlinks_filters` see it. */
export function fieldsOfLink(link: Link) {
  const { row, source, target, via } = link;
  return {
    domain_from: source.host.host,
    url_from: source.row.url,
    url_from_https: source.row.url.startsWith('https:'),
    domain_to: target.host.host,
    url_to: target.row.url,
    url_to_https: target.row.url.startsWith('https:'),
    tld_from: source.host.site.tld,
    is_new: source.row.prev_visited === null ? null : row.first_seen > source.row.prev_visited,
    is_lost: row.lost_date !== null,
    backlink_spam_score: source.row.spam_score,
    page_from_rank: source.row.rank,
    domain_from_rank: source.host.site.rank,
    domain_from_platform_type: orNull(source.host.site.platforms ?? []),
    domain_from_ip: source.host.ip,
    domain_from_country: source.row.country || null,
    page_from_external_links: source.row.external_links_count,
    page_from_internal_links: source.row.internal_links_count,
    page_from_size: source.row.size,
    page_from_encoding: source.row.charset,
    page_from_language: source.row.language,
    page_from_title: source.row.title,
    page_from_status_code: source.row.status_code,
    first_seen: row.first_seen,
    last_seen: row.last_seen,
    item_type: row.type,
    attributes: orNull(link.attributes),
    dofollow: row.nofollow === null ? null : !row.nofollow,
    anchor: row.anchor || null,
    semantic_location: row.semantic_location || null,
    is_broken: isBroken(link),
    url_to_status_code: target.row.status_code,
    url_to_spam_score: target.row.spam_score,
    url_to_redirect_target: target.row.location,
    is_indirect_link: isIndirect(link),
    indirect_link_path: via && [{ type: row.indirect_via, status_code: via.row.status_code, url: via.row.url }],
  };
}

export function grouped<K>(links: readonly Link[], key: (link: Link) => K): Map<K, Link[]> {
  const groups = new Map<K, Link[]>();
  for (const link of links) {
    const group = groups.get(key(link));
    if (group) group.push(link);
    else groups.set(key(link), [link]);
  }
  return groups;
}

function orNull(words: readonly string[]): readonly string[] | null {
  return words.length === 0 ? null : words;
}

export function scaledRank(rank: number, scale: string | undefined): number {
  return scale === 'one_hundred' ? Math.round(100 * Math.sin(rank / 636.62)) : rank;
}

/** By bytes of UTF-8. */
export function compareTexts(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isNofollow({ row }: Link): boolean {
  return row.nofollow === true;
}

function isBroken({ target }: Link): boolean | null {
  return target.row.status_code === null ? null : target.row.status_code >= 400;
}

/** The number of distinct things, of which null is none. Null if there are links and nothing is known. */
function known(things: readonly (string | number | null)[]): number | null {
  const some = things.filter((thing) => thing !== null);
  return things.length > 0 && some.length === 0 ? null : distinct(some);
}

/** When the last link was lost: not as long as one of them lives. */
function lastLoss(links: readonly Link[]): string | null {
  const losses = links.map(({ row }) => row.lost_date);
  return losses.includes(null) ? null : (losses.toSorted().at(-1) ?? null);
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);
}

function distinct(things: readonly unknown[]): number {
  return new Set(things).size;
}

/** How often each known word occurs, the most frequent first; null where there is none. */
function tally(all: readonly (string | null)[]): Counts | null {
  const words = all.filter((word) => word !== null);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || compareTexts(a[0], b[0]));
  return words.length === 0 ? null : Object.fromEntries(sorted);
}
