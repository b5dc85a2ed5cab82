import { registrableDomain } from '@linkhaul/schemas';
import type { Item } from './lists.js';
import { metricsOf, scaledRank } from './metrics.js';
import { isIndirect, isInternal, isWithin, type Link, normalForm, type World } from './world.js';

export interface BulkTask {
  readonly targets: readonly string[];
  readonly include_subdomains?: boolean;
  readonly rank_scale?: string;
  readonly tag?: string;
}

export type BulkName = 'bulk_backlinks' | 'bulk_pages_summary';

/** `result` of a bulk endpoint: one item for each distinct spelling of a target. */
export function bulkResult(world: World, name: BulkName, task: BulkTask): Item[] {
  const targets = [...new Set(task.targets)];
  const items_count = targets.length;
  if (name === 'bulk_pages_summary') {
    return [{ total_count: items_count, items_count, items: targets.map((target) => summary(world, target, task)) }];
  }
  const items = targets.map((target) => ({ target, backlinks: countedLinks(world, target, true).length }));
  return [{ items_count, items }];
}

function summary(world: World, target: string, { include_subdomains = true, rank_scale }: BulkTask): Item {
  const normal = normalForm(target);
  const rank = world.pages.get(normal)?.row.rank ?? world.hosts.get(normal)?.rank ?? 0;
  const mainRank = world.sites.get(registrableDomain(normal))?.rank ?? 0;
  return {
    type: 'backlinks_page_summary',
    url: target,
    rank: scaledRank(rank, rank_scale),
    main_domain_rank: scaledRank(mainRank, rank_scale),
    ...metricsOf(countedLinks(world, target, include_subdomains)),
  };
}

/** Live links from other domains; an indirect one leads to a page, and counts for no host again. */
function countedLinks(world: World, target: string, withSubdomains: boolean): Link[] {
  const normal = normalForm(target);
  const isPage = normal.includes('://');
  return world.links.filter(
    (link) =>
      isWithin(link.target, normal, withSubdomains) &&
      link.row.lost_date === null &&
      !isInternal(link) &&
      (isPage || !isIndirect(link)),
  );
}
