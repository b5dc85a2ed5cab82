import type { z } from 'zod';
import type { ItemKey } from './item-key.js';

/** What a row's target may be: a registrable domain, a host below one, the URL of one page, or a set of such. */
export const TARGET_KINDS = ['domain', 'subdomain', 'page', 'set'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

interface EndpointBase {
  /** The upstream's own name of the function: `/v3/backlinks/<name>/live`. */
  readonly name: string;
  /** Its name for people, and a line about what it gives. */
  readonly title: string;
  readonly gives: string;
  /** The fields of an item that a table shows until other columns are chosen, by their paths. */
  readonly firstShown: readonly string[];
  /** The parameters a user may set. Targets, paging and the tag are ours to set. */
  readonly params: z.ZodObject;
  readonly item: z.ZodType;
  readonly acceptsPages: boolean;
}

/** One call asks about many targets and gives one item for each. */
export interface BulkEndpoint extends EndpointBase {
  readonly kind: 'bulk';
  /** Most targets in one call. */
  readonly maxTargets: number;
  /** Most registrable domains in one call. Null if there is no such cap. */
  readonly maxDomains: number | null;
  /** The item's field that names the target it answers. */
  readonly targetField: string;
}

/** One call asks about one target and gives one page of its items. */
export interface ListEndpoint extends EndpointBase {
  readonly kind: 'list';
  /** Most items in one call. */
  readonly maxLimit: number;
  /** The highest offset, if there is one. After it a list goes on with the `search_after_token` of the answer before. */
  readonly maxOffset?: number;
  readonly key: ItemKey;
  /** False if `total_count` counts something other than the items (referring_domains counts main domains). */
  readonly totalCountsItems: boolean;
}

/** How many items an answer can have. */
interface ItemBounds {
  readonly least: number;
  readonly most: number;
}

/** One call asks about one target and gives all its items. */
export interface SingleEndpoint extends EndpointBase {
  readonly kind: 'single';
  /** Null if the result itself is the one item of a target. */
  readonly key: ItemKey | null;
  /** How many items a call can give. The parameters have been checked. */
  readonly items: (params: Readonly<Record<string, unknown>>) => ItemBounds;
}

/** One call asks about one set of targets, without excluded ones, and gives a page of what they have in common. */
export interface SetEndpoint extends EndpointBase {
  readonly kind: 'set';
  /** Most targets of a set, and most excluded ones. */
  readonly maxTargets: number;
  readonly maxExcluded: number;
  readonly maxLimit: number;
  readonly maxOffset?: never;
  readonly key: ItemKey;
  readonly totalCountsItems: boolean;
}

/** An endpoint whose items come in pages. */
export type PagedEndpoint = ListEndpoint | SetEndpoint;

/** An endpoint that is asked about one row in each call. */
export type RowEndpoint = PagedEndpoint | SingleEndpoint;

export type Endpoint = BulkEndpoint | RowEndpoint;

export function isPaged(endpoint: Endpoint): endpoint is PagedEndpoint {
  return endpoint.kind === 'list' || endpoint.kind === 'set';
}

/** What identifies an item among those of its target. Null if a target has only one item. */
export function itemKeyOf(endpoint: Endpoint): ItemKey | null {
  return endpoint.kind === 'bulk' ? null : endpoint.key;
}

/** Whether the results of an answer are its items, and not the elements of their `items`. */
export function resultsAreItems(endpoint: Endpoint): boolean {
  return endpoint.kind === 'single' && endpoint.key === null;
}

/** How the calls of a job follow on each other: a bulk call may be split, any other may have a next page. */
export function callShapeOf({ kind }: Endpoint): 'bulk' | 'list' {
  return kind === 'bulk' ? 'bulk' : 'list';
}
