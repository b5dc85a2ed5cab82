import type { Binding, JobStatus, Nanos } from '@linkhaul/schemas';
import type { Capacity } from '../../permit/capacity.js';
import type { Failure } from '../../permit/worker-reports.js';
import type { LiveWorkers } from '../../permit/workers.js';

/** What keeps a job, or the account, from going on or from going faster, with a sentence about it. */
export interface Bound {
  readonly by: Binding;
  /** A sentence with a time or a number in it. */
  readonly detail: string;
}

/** Facts that hold for every job of an upstream. All times are ms on Redis' clock. */
export interface AccountFacts {
  readonly now: number;
  readonly host: string;
  readonly workers: Omit<LiveWorkers, 'each'>;
  /** Null if no worker has ever announced the account. */
  readonly capacity: Capacity | null;
  /** Since when a worker has reported that it cannot store. Null if none does. */
  readonly storage: Failure | null;
  readonly lookUps: {
    /** The last look-up, if it failed. */
    readonly failure: Failure | null;
    /** When the next call is looked up. Null if no call is unknown. */
    readonly dueAt: number | null;
  };
}

export interface JobFacts {
  readonly status: JobStatus;
  readonly reason: string | null;
  /** When it last moved forward: a step of its life, or a call that was settled. */
  readonly movedAt: number;
  readonly pendingRows: number;
  /** Calls that are not settled. Those in flight and unknown are included. */
  readonly calls: { readonly open: number; readonly inFlight: number; readonly unknown: number };
  /** When the first of its calls in flight was sent. Null if that is not known. */
  readonly sentAt: number | null;
  /** Calls that wait out a delay, and when the first of these delays ends. */
  readonly delayed: { readonly calls: number; readonly until: number } | null;
  /** Whose budget is too small for its next call while other calls hold part of it. */
  readonly short: 'job' | 'tenant' | null;
  /** `taken`: spent, reserved and unconfirmed. */
  readonly money: { readonly limit: Nanos | null; readonly taken: Nanos };
  /** Answers of its endpoint could not be read: its next call waits for the end of the trial. */
  readonly awaitsTrial: boolean;
  /** The state of its planning. Null once it is planned. */
  readonly planning: PlanningFacts | null;
}

interface PlanningFacts {
  readonly state: 'waiting' | 'active' | 'delayed' | 'missing';
  /** Other jobs whose lists are being planned, or wait to be. */
  readonly others: number;
  /** Why planning failed last, and when it is tried again. */
  readonly failure: string | null;
  readonly dueAt: number | null;
}
