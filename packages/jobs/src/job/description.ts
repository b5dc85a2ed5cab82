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
  /** What else is told of its end. Missing where nothing is. */
  readonly hooks?: JobHooks;
  /** The number of parts in which its rows are stored. */
  readonly rowParts: number;
  readonly invalidParts: number;
  /** The most targets with the same match key, as counted when it was accepted. Missing in jobs of earlier versions. */
  readonly mostWithOneKey?: number;
  /** The watch that it is a run of. */
  readonly watch?: string;
  /** It answers tasks in the vendor's form, which storage keeps. */
  readonly tasks?: TasksOfJob;
  /** The trace that its submission began, as a `traceparent`. Missing where it is not recorded. */
  readonly trace?: string;
}

/** Tasks in the vendor's form that one job answers: alike but for their targets, which are its rows. */
export interface TasksOfJob {
  /** `live`: its client waits for the answer. `standard`: the answer is fetched later. */
  readonly kind: 'live' | 'standard';
  readonly count: number;
  /** A task asks to be told when it is ready. Missing where none does. */
  readonly hooked?: true;
  /** Whether it may be told at private addresses. Missing where no task asks. */
  readonly allowPrivate?: boolean;
  /** Where the one page begins that a list is asked for, if not at its first item. */
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

/** Addresses that are told of a job's end as the vendor tells of a task's. */
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
