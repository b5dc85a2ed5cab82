import type { CallStatus, DeliveryState, EndpointName, JobStatus, RowStatus } from '@linkhaul/schemas';
import { decimalOf } from './decimal.js';
import type { CallOptions } from './transport.js';

export interface PageOptions extends CallOptions {
  readonly cursor?: string;
  readonly limit?: number;
}

export interface JobsFilter extends PageOptions {
  readonly tag?: string;
  readonly status?: JobStatus;
  readonly endpoint?: EndpointName;
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface RowsFilter extends CallOptions {
  readonly status?: readonly RowStatus[];
}

export interface ResultsPageFilter extends RowsFilter, PageOptions {}

export interface CallsFilter extends PageOptions {
  readonly status?: readonly CallStatus[];
}

/** What usage may be told by. */
export type UsageGroup = 'tenant' | 'tag' | 'endpoint' | 'day' | 'month' | `metadata.${string}`;

export interface UsageFilter extends PageOptions {
  /** A day, `2026-01-31`, UTC; the last 30 days unless told. */
  readonly from?: string;
  /** Excluded. */
  readonly to?: string;
  /** By day unless told. */
  readonly groupBy?: readonly UsageGroup[];
}

export interface TagFilter extends PageOptions {
  readonly endpoint?: EndpointName;
}

export interface TagResultsFilter<E extends EndpointName = EndpointName> extends RowsFilter {
  readonly endpoint?: E;
  /** This job of the tag rather than the latest good one. */
  readonly job?: string;
  /** The least share of ok rows, 0 to 1, that makes a job good enough; not beside `job`. */
  readonly minOk?: number;
}

interface Spreadsheet {
  /** CSV whose texts no spreadsheet takes for formulas. */
  readonly spreadsheet?: boolean;
}

export interface DownloadFilter extends RowsFilter, Spreadsheet {
  readonly format: 'ndjson' | 'csv' | 'parquet';
}

export interface RowsDownloadFilter extends RowsFilter, Spreadsheet {
  readonly format: 'ndjson' | 'csv';
}

export interface TagDownloadFilter extends TagResultsFilter, Spreadsheet {
  readonly format: 'ndjson' | 'csv' | 'parquet';
}

export interface DiffFilter extends CallOptions {
  readonly endpoint?: EndpointName;
  /** The two runs to compare rather than the latest two completed ones. */
  readonly baseJob?: string;
  readonly job?: string;
  /** Paths with dots, such as `page_summary.rank`; every number where none is named. */
  readonly fields?: readonly string[];
  /** Numbers that differ by less count as the same. */
  readonly minChange?: number;
  readonly includeSame?: boolean;
}

export interface DiffDownloadFilter extends DiffFilter, Spreadsheet {
  readonly format: 'json' | 'ndjson' | 'csv';
}

export interface UsageDownloadFilter extends Omit<UsageFilter, 'cursor' | 'limit'>, Spreadsheet {}

type Value = string | number | readonly string[] | undefined;

export interface DeliveriesFilter extends PageOptions {
  readonly job?: string;
  readonly status?: readonly DeliveryState[];
}

export interface EventsFilter extends CallOptions {
  /** The id of the last event seen. */
  readonly after?: string;
  readonly limit?: number;
}

/** A query of what is set; a list is joined by commas. */
export function queryOf(values: Readonly<Record<string, Value>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    query.set(name, textOf(value));
  }
  return query;
}

function textOf(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return decimalOf(value);
  return typeof value === 'string' ? value : value.join(',');
}

/** The query of a comparison of two runs of a tag. */
export function diffQuery({ endpoint, baseJob, job, fields, minChange, includeSame }: DiffFilter, format: string) {
  return queryOf({
    format,
    endpoint,
    base_job: baseJob,
    job,
    fields,
    min_change: minChange,
    include: includeSame ? 'same' : undefined,
  });
}

/** The query of a list of jobs: metadata pairs become `metadata[key]=value`. */
export function jobsQuery(filter: JobsFilter): URLSearchParams {
  const { metadata = {}, tag, status, endpoint, cursor, limit } = filter;
  const pairs = Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]);
  return queryOf({ tag, status, endpoint, cursor, limit, ...Object.fromEntries(pairs) });
}
