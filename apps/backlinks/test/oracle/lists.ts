import { type EndpointName, endpointOf, hostOf, registrableDomain, requestOf } from '@linkhaul/schemas';
import { z } from 'zod';
import { ITEM_FIELDS, LINK_FIELDS, type Value } from './fields.js';
import { meets } from './filter.js';
import { firstsOf, type Item, linkItems } from './links.js';
import { CUT_MAPS, fieldsOfLink, grouped, metricsOf, scaledRank } from './metrics.js';
import { PAGE_META, PAGE_VISIT } from './rows.js';
import { sorted } from './sort.js';
import { isIndirect, isInternal, isWithin, type Link, normalForm, type Page, type World } from './world.js';

export const listName = z.enum(Object.keys(ITEM_FIELDS) as [ListName, ...ListName[]]);
export type ListName = keyof typeof ITEM_FIELDS;

/** Whether a task of the endpoint may have this parameter. */
export function takes(name: EndpointName, param: string): boolean {
  return param in requestOf(endpointOf(name)).shape;
}

export interface ListTask {
  readonly target: string;
  readonly limit?: number;
  readonly offset?: number;
  readonly internal_list_limit?: number;
  readonly backlinks_status_type?: string;
  readonly filters?: readonly unknown[];
  readonly order_by?: readonly string[];
  readonly backlinks_filters?: readonly unknown[];
  readonly include_subdomains?: boolean;
  readonly include_indirect_links?: boolean;
  readonly exclude_internal_backlinks?: boolean;
  readonly network_address_type?: string;
  readonly mode?: string;
  readonly custom_mode?: { readonly field: string; readonly value: number };
  readonly main_domain?: boolean;
  readonly exclude_large_domains?: boolean;
  readonly rank_scale?: string;
  readonly tag?: string;
}

const DEFAULT_ORDER: Readonly<Record<ListName, readonly string[]>> = {
  backlinks: ['rank,desc', 'last_seen,desc', 'url_from,asc'],
  anchors: ['backlinks,desc', 'anchor,asc'],
  referring_networks: ['backlinks,desc', 'network_address,asc'],
  referring_domains: ['rank,desc', 'backlinks,desc', 'domain,asc'],
  domain_pages: ['page_summary.backlinks,desc', 'page,asc'],
  domain_pages_summary: ['backlinks,desc', 'url,asc'],
  competitors: ['intersections,desc', 'rank,desc', 'target,asc'],
};

const ITEMS: Readonly<Record<ListName, (world: World, task: ListTask) => Item[]>> = {
  backlinks: (world, task) => linkItems(reachingLinks(world, task), task),
  anchors,
  referring_networks: referringNetworks,
  referring_domains: referringDomains,
  domain_pages: domainPages,
  domain_pages_summary: domainPagesSummary,
  competitors,
};

/** `result` of a list endpoint. */
export function listResult(world: World, name: ListName, task: ListTask): Item[] | null {
  const normal = name === 'competitors' ? subjectOf(task) : normalForm(task.target);
  if (!world.hosts.has(normal) && !world.pages.has(normal)) return null;
  const met = metItems(world, name, task);
  const { limit = 100, offset = 0 } = task;
  const page = met.slice(offset, offset + limit).map((item) => cut(item, task.internal_list_limit ?? 10));
  const items = page.length === 0 ? null : page;
  const counted = { total_count: met.length, items_count: page.length, items };
  if (name === 'competitors') return [counted];
  if (name !== 'backlinks') return [{ target: task.target, ...counted }];
  const { target, mode = 'as_is', custom_mode = null } = task;
  return [{ target, mode, custom_mode, ...counted, search_after_token: 'any' }];
}

/** Every item that meets the filters, in order, with whole maps. */
export function metItems(world: World, name: ListName, task: ListTask): Item[] {
  const known = ITEM_FIELDS[name];
  const { filters, order_by = [] } = task;
  const met = ITEMS[name](world, task).filter((item) => !filters || meets(item, filters, known));
  return firstsOf(sorted(met, [...order_by, ...DEFAULT_ORDER[name]], known), task);
}

/** An indirect link leads to a page, and counts for no host again. */
export function reachingLinks(world: World, task: ListTask): Link[] {
  const isPage = normalForm(task.target).includes('://');
  return countedLinks(world, task).filter((link) => isPage || !isIndirect(link));
}

export function highestRank(links: readonly Link[], task: ListTask): number {
  return scaledRank(Math.max(...links.map(({ source }) => source.row.rank)), task.rank_scale);
}

function anchors(world: World, task: ListTask): Item[] {
  return [...grouped(reachingLinks(world, task), ({ row }) => row.anchor || null)].map(([anchor, links]) => ({
    type: 'backlinks_anchor',
    anchor,
    rank: highestRank(links, task),
    ...metricsOf(links, world),
  }));
}

function referringNetworks(world: World, task: ListTask): Item[] {
  const isSubnet = task.network_address_type === 'subnet';
  const addressOf = ({ ip }: { ip: string | null }) => (isSubnet ? (ip?.replace(/\d+$/, '0/24') ?? null) : ip);
  const known = reachingLinks(world, task).filter(({ source }) => source.host.ip !== null);
  return [...grouped(known, ({ source }) => addressOf(source.host))].map(([address, links]) => {
    const { backlinks_spam_score: _, ...metrics } = metricsOf(links, world);
    return {
      type: 'backlinks_referring_network',
      network_address: address,
      rank: highestRank(links, task),
      ...metrics,
    };
  });
}

function referringDomains(world: World, task: ListTask): Item[] {
  return [...grouped(reachingLinks(world, task), ({ source }) => source.host.site)].map(
    ([{ domain, rank }, links]) => ({
      type: 'backlinks_referring_domain',
      domain,
      rank: scaledRank(rank, task.rank_scale),
      ...metricsOf(links, world),
    }),
  );
}

function domainPagesSummary(world: World, task: ListTask): Item[] {
  return [...grouped(countedLinks(world, task), ({ target }) => target)].map(([{ row }, links]) => ({
    type: 'backlinks_page_summary',
    url: row.url,
    rank: scaledRank(row.rank, task.rank_scale),
    ...metricsOf(links, world),
  }));
}

function domainPages(world: World, task: ListTask): Item[] {
  const normal = normalForm(task.target);
  const links = grouped(countedLinks(world, task), ({ target }) => target);
  const pages = [...world.pages.values()].filter((page) => isWithin(page, normal, task.include_subdomains ?? true));
  return pages.map((page) => ({
    ...factsOf(page),
    page_summary: { rank: scaledRank(page.row.rank, task.rank_scale), ...metricsOf(links.get(page) ?? [], world) },
  }));
}

function factsOf({ row, host }: Page): Item {
  const meta = { ...row, page_spam_score: row.spam_score };
  return {
    type: 'backlinks_domain_page',
    main_domain: host.site.domain,
    domain: host.host,
    tld: host.site.tld,
    page: row.url,
    ip: host.ip,
    ...Object.fromEntries(PAGE_VISIT.map((name) => [name, row[name]])),
    meta: row.status_code === 200 ? Object.fromEntries(PAGE_META.map((name) => [name, meta[name]])) : null,
  };
}

/** Other domains, by how many of those that link to the target link to them too. */
function competitors(world: World, task: ListTask): Item[] {
  const subject = subjectOf(task);
  const own = new Set(reachingLinks(world, { ...task, target: subject }).map(({ source }) => source.host.site));
  const others = countedWhere(world, task, (link) => !isIndirect(link) && own.has(link.source.host.site));
  const bySite = grouped(others, ({ target }) => target.host.site);
  return [...bySite].flatMap(([{ domain, rank }, links]) => {
    const isLeftOut = task.exclude_large_domains !== false && rank >= 900;
    if (isLeftOut || domain === registrableDomain(hostOf(subject))) return [];
    return {
      type: 'backlinks_competitors',
      target: domain,
      rank: scaledRank(rank, task.rank_scale),
      intersections: new Set(links.map(({ source }) => source.host.site)).size,
    };
  });
}

function subjectOf({ target, main_domain }: ListTask): string {
  const normal = normalForm(target);
  return main_domain === false ? normal : registrableDomain(hostOf(normal));
}

/** The links that a task speaks of. */
export function countedLinks(world: World, task: ListTask): Link[] {
  const normal = normalForm(task.target);
  return countedWhere(world, task, ({ target }) => isWithin(target, normal, task.include_subdomains ?? true));
}

export function countedWhere(world: World, task: ListTask, isMeant: (link: Link) => boolean): Link[] {
  const { backlinks_status_type: status = 'live', backlinks_filters: filters } = task;
  return world.links.filter(
    (link) =>
      isMeant(link) &&
      (status === 'all' || (link.row.lost_date === null) === (status === 'live')) &&
      (task.exclude_internal_backlinks === false || !isInternal(link)) &&
      (task.include_indirect_links !== false || !isIndirect(link)) &&
      (!filters || meets(fieldsOfLink(link), filters, LINK_FIELDS)),
  );
}

/** An item whose metrics keep the largest entries of each map but that of the countries. */
export function cut(item: Item, most: number): Item {
  const { page_summary } = item;
  if (isItem(page_summary)) return { ...item, page_summary: cut(page_summary, most) };
  if (!('referring_links_tld' in item)) return item;
  const maps = CUT_MAPS.map((name): [string, Value] => {
    const map = item[name];
    return [name, isItem(map) ? Object.fromEntries(Object.entries(map).slice(0, most)) : null];
  });
  return { ...item, ...Object.fromEntries(maps) };
}

function isItem(value: Value | undefined): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
