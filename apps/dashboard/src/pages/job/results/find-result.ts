import type { Result } from '@linkhaul/schemas';
import type { LoadPage } from './results-loading.js';

interface Place {
  /** The cursor of the page that the line came with. */
  readonly from: string | null;
  readonly line: number;
  readonly position: number | null;
}

const PAGE = 1000;

/** Loads a result that is no longer in memory. In a running job the cursor may first return other lines, so it reads on. */
export async function findResult(load: LoadPage, place: Place, signal: AbortSignal): Promise<Result | null> {
  let cursor = place.from;
  for (;;) {
    const page = await load(cursor, PAGE, signal);
    const found = page.results.find(({ line, position }) => line === place.line && position === place.position);
    if (found !== undefined) return found;
    if (page.done || page.next_cursor === null || page.next_cursor === cursor) return null;
    cursor = page.next_cursor;
  }
}
