import { type Batch, type Line, type Listing, START, type StatusFilter } from '@linkhaul/results';
import { decodeCursor, encodeCursor } from './cursor.js';

/** A filter for a rare status must not read a whole job in one request: the page is cut short, and its cursor continues there. */
const MOST_BATCHES = 2_000;

interface PageRequest {
  readonly filter: StatusFilter;
  readonly cursor: string | undefined;
  readonly limit: number;
}

interface Page {
  readonly lines: readonly Line[];
  /** Null when nothing can follow any more. */
  readonly next: string | null;
}

export async function readPage(listing: Listing, { filter, cursor, limit }: PageRequest): Promise<Page> {
  const { description, plan } = listing.job;
  const owner = { name: listing.name, jobId: description.id, furtherRuns: plan?.later?.length ?? 0 };
  const batches = listing.pages(cursor === undefined ? START : decodeCursor(cursor, owner));
  const lines: Line[] = [];
  for (let read = 0; ; read++) {
    const batch = await batches.next();
    if (batch.done) return { lines, next: batch.value.next && encodeCursor(batch.value.next, owner) };
    const { before } = batch.value;
    if (read === MOST_BATCHES) return { lines, next: encodeCursor(before, owner) };
    const skip = takeLines(batch.value, { filter, limit, lines });
    if (skip !== null) return { lines, next: encodeCursor({ ...before, skip }, owner) };
  }
}

interface Taking {
  readonly filter: StatusFilter;
  readonly limit: number;
  readonly lines: Line[];
}

/** Takes a batch's lines until the page is full. Returns how many of the batch's lines are done; null if the page has room left. */
function takeLines({ lines: all, before }: Batch, { filter, limit, lines }: Taking): number | null {
  for (let at = before.skip; at < all.length; at++) {
    const line = all[at];
    if (line === undefined || !filter(line.status)) continue;
    if (lines.length === limit) return at;
    lines.push(line);
  }
  return null;
}
