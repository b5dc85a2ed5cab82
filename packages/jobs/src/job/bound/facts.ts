import type { Binding, JobStatus, Nanos } from '@linkhaul/schemas';
import type { Capacity } from '../../permit/capacity.js';
import type { Failure } from '../../permit/worker-reports.js';
import type { LiveWorkers } from '../../permit/workers.js';

/** What keeps a job, or the account, from going on or from going faster, and that in a sentence. */
export interface Bound {
  readonly by: Binding;
  /** Has a time or a number in it. */
  readonly detail: string;
}

/** What holds for every job of an upstream. All times are ms on Redis' clock. */
export interface AccountFacts {
  readonly now: number;
  readonly host: string;
  readonly workers: Omit<LiveWorkers, 'each'>;
  /** Null where no worker has ever spoken of the account. */
  readonly capacity: Capacity | null;
  /** Since when workers cannot store, where one says so. */
  readonly storage: Failure | null;
  readonly lookUps: {
    /** The last look-up, where it has failed. */
    readonly failure: Failure | null;
    /** When the next call is looked up; null where none is unknown. */
    readonly dueAt: number | null;
  };
}

export interface JobFacts {
  readonly status: JobStatus;
  readonly reason: string | null;
  /** When it last came forward: a step of its life, or a call that was decided. */
  readonly movedAt: number;
  readonly pendingRows: number;
  /** Calls that are not settled; those in flight and unknown are among them. */
  readonly calls: { readonly open: number; readonly inFlight: number; readonly unknown: number };
  /** When the first of its calls in flight was sent; null where that is not known. */
  readonly sentAt: number | null;
  /** Calls that wait out a delay, and the end of the first such wait. */
  readonly delayed: { readonly calls: number; readonly until: number } | null;
  /** Whose money does not pay for its next call while other calls hold some. */
  readonly short: 'job' | 'tenant' | null;
  /** `taken`: spent, reserved, and what may have been spent. */
  readonly money: { readonly limit: Nanos | null; readonly taken: Nanos };
  /** Answers of its endpoint could not be read: its next call waits for the end of another, the trial. */
  readonly awaitsTrial: boolean;
  /** How its planning stands; null where it is planned. */
  readonly planning: PlanningFacts | null;
}

interface PlanningFacts {
  readonly state: 'waiting' | 'active' | 'delayed' | 'missing';
  /** Other lists that are being planned, or wait for it. */
  readonly others: number;
  /** Why it failed last, and when it is tried again. */
  readonly failure: string | null;
  readonly dueAt: number | null;
}
