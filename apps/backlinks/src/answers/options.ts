import type { GroupRange } from '@linkhaul/schemas';
import { z } from 'zod';

/** A task that its schema has accepted, with the upstream's defaults filled in. */
const common = {
  include_subdomains: z.boolean().default(true),
  rank_scale: z.enum(['one_hundred', 'one_thousand']).default('one_thousand'),
};

const bulkTask = z.object({ ...common, targets: z.array(z.string()), date_from: z.string().optional() });

const pagedTask = z.object({
  ...common,
  limit: z.number().default(100),
  offset: z.number().default(0),
  internal_list_limit: z.number().default(10),
  date_from: z.string().nullable().default(null),
  date_to: z.string().nullable().default(null),
  group_range: z.enum(['day', 'week', 'month', 'year']).default('month'),
  main_domain: z.boolean().default(true),
  exclude_large_domains: z.boolean().default(true),
  network_address_type: z.enum(['ip', 'subnet']).default('ip'),
  backlinks_status_type: z.enum(['all', 'live', 'lost']).default('live'),
  include_indirect_links: z.boolean().default(true),
  exclude_internal_backlinks: z.boolean().default(true),
  intersection_mode: z.enum(['all', 'partial']).default('all'),
  mode: z.enum(['as_is', 'one_per_domain', 'one_per_anchor']).default('as_is'),
  custom_mode: z.object({ field: z.string(), value: z.number() }).nullable().default(null),
  search_after_token: z.string().nullable().default(null),
  order_by: z.array(z.string()).default([]),
  filters: z.unknown().optional(),
  backlinks_filters: z.unknown().optional(),
});

const listTask = pagedTask.extend({ target: z.string() });
const setTask = pagedTask.extend({
  targets: z.record(z.string(), z.string()),
  exclude_targets: z.array(z.string()).default([]),
});

export interface BulkOptions {
  readonly dateFrom: string;
  readonly includeSubdomains: boolean;
  readonly oneHundred: boolean;
}

export interface ListOptions {
  readonly limit: number;
  readonly offset: number;
  /** These three are validated later, against the fields of the endpoint. */
  readonly orderBy: readonly string[];
  readonly filters: unknown;
  readonly backlinksFilters: unknown;
  readonly includeSubdomains: boolean;
  readonly includeIndirect: boolean;
  readonly excludeInternal: boolean;
  readonly status: 'all' | 'live' | 'lost';
  readonly dateFrom: string | null;
  readonly dateTo: string | null;
  readonly groupRange: GroupRange;
  /** Whether sources must link to all targets of a set, or to any. */
  readonly intersectsAll: boolean;
  readonly mode: 'as_is' | 'one_per_domain' | 'one_per_anchor';
  readonly customMode: { readonly field: string; readonly value: number } | null;
  readonly token: string | null;
  readonly mainDomain: boolean;
  readonly excludeLarge: boolean;
  readonly networks: 'ip' | 'subnet';
  readonly listLimit: number;
  readonly oneHundred: boolean;
}

/** The target of a task, spelled as in the request, and the task's options. */
export function bulkTaskOf(task: unknown): { targets: string[]; options: BulkOptions } {
  const { targets, include_subdomains, rank_scale, date_from = monthBefore(new Date()) } = bulkTask.parse(task);
  const oneHundred = rank_scale === 'one_hundred';
  return { targets, options: { dateFrom: date_from, includeSubdomains: include_subdomains, oneHundred } };
}

/** The same day of the previous month, or that month's last day. */
function monthBefore(today: Date): string {
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1, Math.min(today.getUTCDate(), lastDay))).toISOString().slice(0, 10);
}

export function listTaskOf(task: unknown): { target: string; options: ListOptions } {
  const { target, ...parsed } = listTask.parse(task);
  return { target, options: optionsOf(parsed) };
}

/** The targets of a task with their numbers, in numeric order, and its excluded targets. */
export function setTaskOf(task: unknown): { targets: [string, string][]; excluded: string[]; options: ListOptions } {
  const { targets, exclude_targets: excluded, ...parsed } = setTask.parse(task);
  return { targets: Object.entries(targets), excluded, options: optionsOf(parsed) };
}

function optionsOf(parsed: z.output<typeof pagedTask>): ListOptions {
  return {
    limit: parsed.limit,
    offset: parsed.offset,
    orderBy: parsed.order_by,
    filters: parsed.filters,
    backlinksFilters: parsed.backlinks_filters,
    includeSubdomains: parsed.include_subdomains,
    includeIndirect: parsed.include_indirect_links,
    excludeInternal: parsed.exclude_internal_backlinks,
    status: parsed.backlinks_status_type,
    dateFrom: parsed.date_from,
    dateTo: parsed.date_to,
    groupRange: parsed.group_range,
    intersectsAll: parsed.intersection_mode === 'all',
    mode: parsed.mode,
    customMode: parsed.custom_mode,
    token: parsed.search_after_token,
    mainDomain: parsed.main_domain,
    excludeLarge: parsed.exclude_large_domains,
    networks: parsed.network_address_type,
    listLimit: parsed.internal_list_limit,
    oneHundred: parsed.rank_scale === 'one_hundred',
  };
}
