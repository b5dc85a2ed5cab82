import { type EndpointName, type KindOf, registrableDomain } from '@linkhaul/schemas';
import type { Item } from './links.js';
import { grouped, metricsOf, scaledRank } from './metrics.js';
import { isIndirect, isInternal, isWithin, type Link, normalForm, type World } from './world.js';

export interface BulkTask {
  readonly targets: readonly string[];
  readonly date_from?: string;
  readonly include_subdomains?: boolean;
  readonly rank_scale?: string;
  readonly tag?: string;
}

export type BulkName = { [E in EndpointName]: KindOf<E> extends 'bulk' ? E : never }[EndpointName];

type ItemOf = (world: World, target: string, task: BulkTask) => Item;

const ITEMS: Readonly<Record<BulkName, ItemOf>> = {
  bulk_backlinks: (world, target) => ({ target, backlinks: countedLinks(world, target, true).length }),
  bulk_new_lost_backlinks: newLostBacklinks,
  bulk_new_lost_referring_domains: newLostReferringDomains,
  bulk_pages_summary: summary,
  bulk_ranks: (world, target, { rank_scale }) => ({ target, rank: scaledRank(rankOf(world, target), rank_scale) }),
  bulk_referring_domains: referringDomains,
  bulk_spam_score: spamScore,
};

/** `result` of a bulk endpoint: one item for each distinct spelling of a target. */
export function bulkResult(world: World, name: BulkName, task: BulkTask): Item[] {
  const targets = [...new Set(task.targets)];
  const items = targets.map((target) => ITEMS[name](world, target, task));
  const counted = { items_count: items.length, items };
  return [name === 'bulk_pages_summary' ? { total_count: items.length, ...counted } : counted];
}

function summary(world: World, target: string, { include_subdomains = true, rank_scale }: BulkTask): Item {
  const mainRank = world.sites.get(registrableDomain(normalForm(target)))?.rank ?? 0;
  return {
    type: 'backlinks_page_summary',
    url: target,
    rank: scaledRank(rankOf(world, target), rank_scale),
    main_domain_rank: scaledRank(mainRank, rank_scale),
    ...metricsOf(countedLinks(world, target, include_subdomains), world),
  };
}

function rankOf({ pages, hosts }: World, target: string): number {
  const normal = normalForm(target);
  return pages.get(normal)?.row.rank ?? hosts.get(normal)?.rank ?? 0;
}

function spamScore({ pages, hosts, knowsSpam }: World, target: string): Item {
  const normal = normalForm(target);
  const spam_score = pages.get(normal)?.row.spam_score ?? hosts.get(normal)?.site.spam_score ?? (knowsSpam ? 0 : null);
  return { type: 'backlinks_bulk_spam_score', target, spam_score };
}

function referringDomains(world: World, target: string): Item {
  const counted = metricsOf(countedLinks(world, target, true), world);
  const { referring_domains, referring_domains_nofollow } = counted;
  const { referring_main_domains, referring_main_domains_nofollow } = counted;
  return {
    target,
    referring_domains,
    referring_domains_nofollow,
    referring_main_domains,
    referring_main_domains_nofollow,
  };
}

function newLostBacklinks(world: World, target: string, { date_from }: BulkTask): Item {
  const links = externalLinks(world, target, true).map((link) => [link]);
  return { target, new_backlinks: newAmong(links, date_from), lost_backlinks: lostAmong(links, date_from) };
}

function newLostReferringDomains(world: World, target: string, { date_from }: BulkTask): Item {
  const links = externalLinks(world, target, true);
  const hosts = [...grouped(links, ({ source }) => source.host).values()];
  const sites = [...grouped(links, ({ source }) => source.host.site).values()];
  return {
    target,
    new_referring_domains: newAmong(hosts, date_from),
    lost_referring_domains: lostAmong(hosts, date_from),
    new_referring_main_domains: newAmong(sites, date_from),
    lost_referring_main_domains: lostAmong(sites, date_from),
  };
}

/** How many groups of links have no link from before the day. */
function newAmong(groups: readonly (readonly Link[])[], day = ''): number {
  return groups.filter((links) => links.every(({ row }) => row.first_seen >= day)).length;
}

/** How many groups have no link left, and lost one since the day. */
function lostAmong(groups: readonly (readonly Link[])[], day = ''): number {
  const isLost = ({ row }: Link) => row.lost_date !== null;
  const isLostSince = ({ row }: Link) => row.lost_date !== null && row.lost_date >= day;
  return groups.filter((links) => links.every(isLost) && links.some(isLostSince)).length;
}

function countedLinks(world: World, target: string, withSubdomains: boolean): Link[] {
  return externalLinks(world, target, withSubdomains).filter(({ row }) => row.lost_date === null);
}

/** Links from other domains; an indirect one leads to a page, and counts for no host again. */
function externalLinks(world: World, target: string, withSubdomains: boolean): Link[] {
  const normal = normalForm(target);
  const isPage = normal.includes('://');
  return world.links.filter(
    (link) => isWithin(link.target, normal, withSubdomains) && !isInternal(link) && (isPage || !isIndirect(link)),
  );
}
