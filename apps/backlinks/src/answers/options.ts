import { z } from 'zod';
import type { Target } from './target.js';

const common = {
  include_subdomains: z.boolean().default(true),
  rank_scale: z.enum(['one_hundred', 'one_thousand']).default('one_thousand'),
};

/** A task that the vocabulary has let pass, with the upstream's defaults filled in. */
const bulkTask = z.object({ ...common, targets: z.array(z.string()) });

const listTask = z.object({
  ...common,
  target: z.string(),
  limit: z.number().default(100),
  offset: z.number().default(0),
  internal_list_limit: z.number().default(10),
  backlinks_status_type: z.enum(['all', 'live', 'lost']).default('live'),
  include_indirect_links: z.boolean().default(true),
  exclude_internal_backlinks: z.boolean().default(true),
  order_by: z.array(z.string()).default([]),
  filters: z.unknown().optional(),
  backlinks_filters: z.unknown().optional(),
});

export interface BulkOptions {
  readonly targets: readonly Target[];
  readonly includeSubdomains: boolean;
  readonly oneHundred: boolean;
}

export interface ListOptions {
  readonly target: Target;
  readonly limit: number;
  readonly offset: number;
  /** These three are judged where the fields of the endpoint are known. */
  readonly orderBy: readonly string[];
  readonly filters: unknown;
  readonly backlinksFilters: unknown;
  readonly includeSubdomains: boolean;
  readonly includeIndirect: boolean;
  readonly excludeInternal: boolean;
  readonly status: 'all' | 'live' | 'lost';
  readonly listLimit: number;
  readonly oneHundred: boolean;
}

export function bulkTargets(task: unknown): string[] {
  return bulkTask.parse(task).targets;
}

export function listTarget(task: unknown): string {
  return listTask.parse(task).target;
}

export function bulkOptions(task: unknown, targets: readonly Target[]): BulkOptions {
  const parsed = bulkTask.parse(task);
  return {
    targets,
    includeSubdomains: parsed.include_subdomains,
    oneHundred: parsed.rank_scale === 'one_hundred',
  };
}

export function listOptions(task: unknown, target: Target): ListOptions {
  const parsed = listTask.parse(task);
  return {
    target,
    limit: parsed.limit,
    offset: parsed.offset,
    orderBy: parsed.order_by,
    filters: parsed.filters,
    backlinksFilters: parsed.backlinks_filters,
    includeSubdomains: parsed.include_subdomains,
    includeIndirect: parsed.include_indirect_links,
    excludeInternal: parsed.exclude_internal_backlinks,
    status: parsed.backlinks_status_type,
    listLimit: parsed.internal_list_limit,
    oneHundred: parsed.rank_scale === 'one_hundred',
  };
}
