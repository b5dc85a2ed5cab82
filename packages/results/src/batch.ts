import type { JobRecord, Jobs } from '@linkhaul/jobs';
import type { Row, RowStatus } from '@linkhaul/schemas';
import type { Backend, InvalidRow, ValidRow } from '@linkhaul/storage';
import type { Cursor } from './cursor.js';

/** What readers of results need. */
export interface Reading extends Pick<Jobs, 'calls' | 'store' | 'ledger' | 'queues'> {
  readonly storage: Backend;
}

/** A line of any listing, with what a status filter needs. */
export type Line = Pick<Row, 'line' | 'status'>;

export type StatusFilter = (status: RowStatus) => boolean;

/** All lines of one call or one part, and the cursor before the first. */
export interface Batch<L extends Line = Line> {
  readonly lines: readonly L[];
  readonly before: Cursor;
}

/** Where a walk ended. `next` is null if no further line can come. */
export interface End {
  readonly next: Cursor | null;
}

export type Batches<L extends Line = Line> = AsyncGenerator<Batch<L>, End>;

/** The lines of a job, and how to walk through them. */
export interface Listing {
  readonly name: 'results' | 'rows';
  readonly job: JobRecord;
  /** All of them, from the first. */
  all(): Batches;
  /** From a cursor on, for cutting pages. */
  pages(from: Cursor): Batches;
}

/** How a listing shows rows that have no call. */
export interface RowForms<L extends Line> {
  invalid(row: InvalidRow): L;
  unplanned(row: ValidRow): L;
}
