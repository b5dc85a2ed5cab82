import type { EndpointName, Nanos, Submission } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';

type HookField = 'pingback_url' | 'postback_url';

/** The part of a job that never changes after it is accepted. */
export interface JobDescription
  extends Omit<
    Submission,
    'tag' | 'expect_rows' | 'webhook' | HookField | 'max_cost_usd' | 'deadline' | 'retention_days'
  > {
  /** The format of what was written when it was accepted. Missing: 1. */
  readonly v?: number;
  readonly id: string;
  readonly tenant: string;
  readonly tag: string;
  /** How many days the job is kept after its end. */
  readonly retention_days: number;
  readonly endpoint: EndpointName;
  readonly createdAt: number;
  readonly upstreamHost: string;
  readonly webhook: WebhookTarget | null;
  /** Addresses to call when it ends. Missing if there are none. */
  readonly hooks?: JobHooks;
  /** The number of parts in which its rows are stored. */
  readonly rowParts: number;
  readonly invalidParts: number;
  /** The most targets with the same match key, as counted when it was accepted. Missing in jobs of earlier versions. */
  readonly mostWithOneKey?: number;
  /** The watch of which it is a run. */
  readonly watch?: string;
  /** It answers tasks in the vendor's form, which storage keeps. */
  readonly tasks?: TasksOfJob;
  /** The trace that its submission began, as a `traceparent`. Missing where it is not recorded. */
  readonly trace?: string;
}

/** Tasks in the vendor's form that one job answers. They differ only in their targets, which are the job's rows. */
export interface TasksOfJob {
  /** `live`: its client waits for the answer. `standard`: the answer is fetched later. */
  readonly kind: 'live' | 'standard';
  readonly count: number;
  /** A task names an address to call when it is ready. Missing if none does. */
  readonly hooked?: true;
  /** Whether the callbacks that its tasks ask for may go to private addresses. Missing if no task asks for one. */
  readonly allowPrivate?: boolean;
  /** Where the only page of a list begins, if not at the first item. */
  readonly begin?: PageBegin;
}

/** `token`: the vendor's `search_after_token`, which the caller has from the page before. */
export interface PageBegin {
  readonly offset: number;
  readonly token?: string;
}

/** Where a job's events go. Whether private addresses are allowed is decided when the job is accepted. */
export interface WebhookTarget {
  readonly url: string;
  readonly events: readonly string[] | null;
  readonly allowPrivate: boolean;
}

/** Addresses to call when a job ends, as the vendor calls them when a task ends. */
interface JobHooks extends Partial<Readonly<Record<HookField, string>>> {
  readonly allowPrivate: boolean;
}

/** What a job may cost, and until when it may run, when it is accepted. A user may change both. */
export interface JobBounds {
  readonly maxCost: Nanos | null;
  /** ms since the epoch. */
  readonly deadline: number | null;
}

/** How long a job is kept after its end unless it says otherwise. */
export const RETENTION_DAYS = 30;

export function refOf(description: JobDescription): JobRef {
  return { tenant: description.tenant, id: description.id };
}
