import type { JobRecord } from '@linkhaul/jobs';
import { ROW_STATUSES, type RowStatus, rowStatus } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import { invalidRequest, notAvailable } from '../problem.js';
import { type Cursor, decodeCursor, encodeCursor, START } from '../results/cursor.js';
import type { AppEnv } from '../services.js';
import { parseLimit } from './query.js';

export const LISTING_QUERY = { known: ['format', 'status', 'cursor', 'limit', 'download', 'endpoint', 'job'], notAvailable: ['spreadsheet', 'min_ok'] };

export type StatusFilter = (status: RowStatus) => boolean;

/** Lines that belong together, and the cursors around them. */
export interface Batch {
  readonly lines: readonly unknown[];
  readonly before: Cursor;
  readonly after: Cursor;
}

interface Listing {
  readonly name: 'results' | 'rows';
  readonly job: JobRecord;
  batches(from: Cursor, filter: StatusFilter): AsyncGenerator<Batch, { readonly done: boolean; readonly at: Cursor }>;
}

/** Answers with a page of JSON, or streams all lines as NDJSON. */
export async function answerWith(c: Context<AppEnv>, listing: Listing): Promise<Response> {
  const { format = 'json', status, download, cursor, limit } = c.req.query();
  const filter = parseStatus(status);
  if (download !== undefined && download !== '1') throw invalidRequest('download', 'must be 1');
  const file = `${listing.job.description.id}-${listing.name}.${format}`;
  if (download === '1') c.header('content-disposition', `attachment; filename="${file}"`);
  if (format === 'json') return c.json(await page(listing, { filter, cursor, limit: parseLimit(limit) }));
  if (format !== 'ndjson') throw isPlanned(format) ? notAvailable(`format=${format}`, 'format') : invalidRequest('format', 'must be json or ndjson');
  if (cursor !== undefined || limit !== undefined) throw invalidRequest(cursor === undefined ? 'limit' : 'cursor', 'goes with format=json: ndjson streams all');
  c.header('content-type', 'application/x-ndjson');
  return stream(c, async (out) => {
    for await (const { lines } of listing.batches(START, filter)) {
      if (lines.length > 0) await out.write(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
      if (out.aborted) return;
    }
  });
}

function isPlanned(format: string): boolean {
  return format === 'csv' || format === 'parquet';
}

interface PageRequest {
  readonly filter: StatusFilter;
  readonly cursor: string | undefined;
  readonly limit: number;
}

async function page(listing: Listing, { filter, cursor, limit }: PageRequest): Promise<Record<string, unknown>> {
  const from = cursor === undefined ? START : decodeCursor(cursor);
  const lines: unknown[] = [];
  const batches = listing.batches(from, filter);
  for (;;) {
    const next = await batches.next();
    if (next.done) {
      const { done, at } = next.value;
      return { [listing.name]: lines, next_cursor: done ? null : encodeCursor(at), done };
    }
    const { before, lines: all } = next.value;
    const rest = all.slice(before.skip);
    const room = limit - lines.length;
    lines.push(...rest.slice(0, room));
    if (rest.length > room) return { [listing.name]: lines, next_cursor: encodeCursor({ ...before, skip: before.skip + room }), done: false };
  }
}

function parseStatus(text: string | undefined): StatusFilter {
  if (text === undefined) return () => true;
  const wanted = new Set<string>(text.split(','));
  for (const name of wanted) {
    if (!rowStatus.safeParse(name).success) throw invalidRequest('status', `must be some of ${ROW_STATUSES.join(', ')}, separated by commas`);
  }
  return (status) => wanted.has(status);
}
