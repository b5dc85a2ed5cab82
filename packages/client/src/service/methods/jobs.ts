import {
  type EndpointName,
  type JobStatus,
  type JobsPage,
  jobsPage,
  type RowErrorCode,
  type SeriesView,
  series,
  type TaskFilter,
} from '@linkhaul/schemas';
import { type AnyJobId, type JobOf, jobOf } from '../by-endpoint.js';
import { type JobsChange, jobStates, jobsChanges } from '../job-states.js';
import { type CallOptions, get, type PageOptions, post, postOptions, remove } from '../request.js';
import type { Transport } from '../transport.js';
import { type WaitOptions, waitForJob } from '../wait.js';

export interface JobsFilter extends PageOptions {
  readonly tag?: string;
  readonly status?: JobStatus;
  readonly endpoint?: EndpointName;
  /** Jobs that answer such tasks in the vendor's form. `none`: jobs that answer none. */
  readonly tasks?: TaskFilter;
  readonly metadata?: Readonly<Record<string, string>>;
  /** A part of its id, of its tag or of a value of its metadata. Case does not matter. */
  readonly q?: string;
}

export interface ReadJobOptions extends CallOptions {
  /** Answer when the job is finished, or after this time in milliseconds, 50,000 at most. */
  readonly waitMs?: number;
}

export interface ResumeOptions extends CallOptions {
  /** The job's budget from now on. */
  readonly maxCostUsd?: number;
}

export interface RetryOptions extends CallOptions {
  readonly status?: readonly ('failed' | 'skipped')[];
  readonly codes?: readonly RowErrorCode[];
  /** False: also rows whose error is not retryable. */
  readonly retryableOnly?: boolean;
  /** Buys `answer_unreadable` rows again if their kept answer still cannot be read. */
  readonly buy?: boolean;
  /** The job's budget from now on. */
  readonly maxCostUsd?: number;
}

/** How much longer a request that the service holds open may take than it was asked to wait, in milliseconds. */
const ANSWER_AFTER_WAIT_MS = 30_000;

export function jobMethods(transport: Transport) {
  const job = <E extends EndpointName = EndpointName>(
    id: AnyJobId<E>,
    options: ReadJobOptions = {},
  ): Promise<JobOf<E>> =>
    transport.read(get(['jobs', id], options), jobOf<E>(), {
      answerWithinMs: (options.waitMs ?? 0) + ANSWER_AFTER_WAIT_MS,
    });
  return {
    job,
    /** A page of this tenant's jobs, newest first. */
    jobs: (filter?: JobsFilter): Promise<JobsPage> => transport.read(get(['jobs'], filter), jobsPage),
    cancel: <E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: CallOptions): Promise<JobOf<E>> =>
      transport.read(post(['jobs', id, 'cancel'], options), jobOf<E>()),
    pause: <E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: CallOptions): Promise<JobOf<E>> =>
      transport.read(post(['jobs', id, 'pause'], options), jobOf<E>()),
    /** Resumes a paused job, with a new budget if one is given. For a running job it sets the budget. */
    resume: <E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: ResumeOptions): Promise<JobOf<E>> =>
      transport.read(postOptions(['jobs', id, 'resume'], options), jobOf<E>()),
    /** Runs failed and skipped rows of a finished job again, in place. */
    retry: <E extends EndpointName = EndpointName>(id: AnyJobId<E>, options?: RetryOptions): Promise<JobOf<E>> =>
      transport.read(postOptions(['jobs', id, 'retry'], options), jobOf<E>()),
    /** A job over time: calls, rows, items, cost and latency in at most 300 points. */
    jobSeries: (id: string, options?: CallOptions): Promise<SeriesView> =>
      transport.read(get(['jobs', id, 'series'], options), series),
    /** Deletes a finished job and its results. */
    remove: async (id: string, options?: CallOptions): Promise<void> => {
      await transport.send(remove(['jobs', id], options));
    },
    /** Resolves with the finished job. If the service cannot be reached, it tries again for five minutes. */
    waitFor: <E extends EndpointName = EndpointName>(id: AnyJobId<E>, options: WaitOptions = {}): Promise<JobOf<E>> =>
      waitForJob((ask) => job<E>(id, ask), options),
    /** The job as it is now, and after each change, until it is finished. */
    states: <E extends EndpointName = EndpointName>(
      id: AnyJobId<E>,
      options: CallOptions = {},
    ): AsyncIterable<JobOf<E>> => jobStates(transport, id, options.signal),
    /** What happens to any of this tenant's jobs, from now on. It ends only with the signal or a `break`. */
    followJobs: (options: CallOptions = {}): AsyncIterable<JobsChange> => jobsChanges(transport, options.signal),
  };
}
