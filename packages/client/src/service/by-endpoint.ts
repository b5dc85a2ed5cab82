import {
  type EndpointName,
  type ItemOf,
  type Job,
  job,
  type KindOf,
  type ParamsOf,
  type Result,
  type ResultsPage,
  type Row,
  result,
  resultsPage,
  row,
  type SubmittedJob,
  type submission,
  submittedJob,
} from '@linkhaul/schemas';
import type { z } from 'zod';

declare const OF: unique symbol;

/** A job's id whose type carries the endpoint, so that the results have the right types. At run time it is a plain string. */
export type JobId<E extends EndpointName = EndpointName> = string & { readonly [OF]?: E };

/** An id from a job, or one that was stored as a plain string. */
export type AnyJobId<E extends EndpointName> = string | JobId<E>;

/** A job's fields as a caller writes them. The service has a default for each missing field. */
export type SubmissionFields<E extends EndpointName = EndpointName> = Omit<
  z.input<typeof submission>,
  'endpoint' | 'params'
> & { readonly endpoint: E; readonly params?: ParamsFor<E> | undefined };

/** If the endpoint is known only at run time, any parameters compile. */
type ParamsFor<E extends EndpointName> = EndpointName extends E ? Readonly<Record<string, unknown>> : ParamsOf<E>;

/** A job of endpoint E. If E is not known, a union over all endpoints that `endpoint` tells apart. */
export type JobOf<E extends EndpointName = EndpointName> = E extends EndpointName
  ? Omit<Job, 'id' | 'endpoint' | 'params'> & { id: JobId<E>; endpoint: E; params: ParamsOf<E> }
  : never;

/** A job, and how its list was read. */
export type SubmittedJobOf<E extends EndpointName = EndpointName> = JobOf<E> & Pick<SubmittedJob, 'input'>;

/** A result whose `data` is an item of the endpoint. */
export type ResultOf<E extends EndpointName = EndpointName> = EndpointName extends E
  ? Result
  : Omit<Result, 'data'> & { data: ItemOf<E> | null };

/** A row. Only list endpoints have a `total_count`. */
export type RowOf<E extends EndpointName = EndpointName> =
  KindOf<E> extends 'bulk' ? Omit<Row, 'total_count'> & { total_count: null } : Row;

export interface ResultsPageOf<E extends EndpointName = EndpointName> {
  results: ResultOf<E>[];
  next_cursor: string | null;
  done: boolean;
}

// One schema parses the answers of all endpoints; these functions only give it the type of the endpoint that was asked for.

export function jobOf<E extends EndpointName>(): z.ZodType<JobOf<E>>;
export function jobOf(): z.ZodType<Job> {
  return job;
}

export function submittedJobOf<E extends EndpointName>(): z.ZodType<SubmittedJobOf<E>>;
export function submittedJobOf(): z.ZodType<SubmittedJob> {
  return submittedJob;
}

export function resultOf<E extends EndpointName>(): z.ZodType<ResultOf<E>>;
export function resultOf(): z.ZodType<Result> {
  return result;
}

export function rowOf<E extends EndpointName>(): z.ZodType<RowOf<E>>;
export function rowOf(): z.ZodType<Row> {
  return row;
}

export function resultsPageOf<E extends EndpointName>(): z.ZodType<ResultsPageOf<E>>;
export function resultsPageOf(): z.ZodType<ResultsPage> {
  return resultsPage;
}
