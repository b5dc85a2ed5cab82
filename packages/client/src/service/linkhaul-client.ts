import type { CapacityView, Job, Result, Row, RowErrorCode } from '@linkhaul/schemas';
import type { JobsPage, ResultsPage, TagPage, TagsPage } from './answers.js';
import type { JobsFilter, PageOptions, ResultsPageFilter, RowsFilter, TagFilter, TagResultsFilter } from './filters.js';
import type { CallOptions } from './transport.js';
import type { SubmissionFields, TextBody } from './upload.js';
import type { WaitOptions } from './wait.js';

/** A target with the caller's own name for its row. */
export interface NamedTarget {
  readonly target: string;
  readonly id: string;
}

export interface SubmitOptions extends CallOptions {
  /** Makes a submission safe to send again: the same key gives the same job. */
  readonly idempotencyKey?: string;
}

export interface SubmitTextOptions extends SubmitOptions {
  readonly gzip?: boolean;
}

export interface ResumeOptions extends CallOptions {
  readonly maxCostUsd?: number;
}

export interface RetryOptions extends CallOptions {
  readonly status?: readonly ('failed' | 'skipped')[];
  readonly codes?: readonly RowErrorCode[];
  /** False: rows too that will hardly succeed. */
  readonly retryableOnly?: boolean;
  readonly maxCostUsd?: number;
}

export interface ReadJobOptions extends CallOptions {
  /** Answer when the job is finished, or after this long, at most 50,000. */
  readonly waitMs?: number;
}

export interface TagResults {
  /** The job that the results are of. */
  readonly job: string | null;
  readonly results: AsyncIterable<Result>;
}

/** The service over HTTP. Every method throws `LinkhaulProblem`, `LinkhaulUnreachable` or `LinkhaulUnexpectedAnswer`. */
export interface LinkhaulClient {
  /** Submits up to 100,000 targets as JSON. */
  submit(fields: SubmissionFields, targets: readonly (string | NamedTarget)[], options?: SubmitOptions): Promise<Job>;
  /** Submits up to 10,000,000 targets, a line each, as they come. */
  submitText(fields: SubmissionFields, body: TextBody, options?: SubmitTextOptions): Promise<Job>;
  job(id: string, options?: ReadJobOptions): Promise<Job>;
  jobs(filter?: JobsFilter): Promise<JobsPage>;
  cancel(id: string, options?: CallOptions): Promise<Job>;
  pause(id: string, options?: CallOptions): Promise<Job>;
  /** Goes on where it stopped, with a new budget where one is given; sets the budget of a job that runs. */
  resume(id: string, options?: ResumeOptions): Promise<Job>;
  /** Runs failed and skipped rows of a finished job again, in place. */
  retry(id: string, options?: RetryOptions): Promise<Job>;
  /** Takes a finished job away, its results too. */
  remove(id: string, options?: CallOptions): Promise<void>;
  /** A page of this tenant's tags, by name. */
  tags(filter?: PageOptions): Promise<TagsPage>;
  /** Resolves with the job when nothing of it is open any more. */
  waitFor(id: string, options?: WaitOptions): Promise<Job>;
  /** Every result so far, streamed. */
  results(id: string, filter?: RowsFilter): AsyncIterable<Result>;
  /** Every row so far, without data, streamed. */
  rows(id: string, filter?: RowsFilter): AsyncIterable<Row>;
  resultsPage(id: string, filter?: ResultsPageFilter): Promise<ResultsPage>;
  tag(tag: string, filter?: TagFilter): Promise<TagPage>;
  tagResults(tag: string, filter?: TagResultsFilter): Promise<TagResults>;
  /** What the upstream's account may do and does, and whether more workers would help. */
  capacity(options?: CallOptions): Promise<CapacityView>;
  /** The secret that this tenant's webhooks are signed with. */
  webhookSecret(options?: CallOptions): Promise<string>;
}
