import { createHash } from 'node:crypto';
import { isObject, type ListEndpoint, type Nanos } from '@linkhaul/schemas';
import type { AnswerOutcome } from '@linkhaul/storage';

/** What the row has from its earlier pages. */
export interface EarlierPages {
  readonly items: number;
  readonly cost: Nanos;
  /** Elements of the pages that were no items, and took the place of some. */
  readonly strays?: number;
  /** The keys of one of the earlier pages of this run. */
  readonly mark?: string;
}

/** The page that a call asks for. */
export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
}

/** The page of a number, counted from an item on; less than a whole one where the job's limit on items ends in it. */
export function pageRequest(
  endpoint: ListEndpoint,
  page: { number: number; from: number; maxItems: number },
): PageRequest {
  const offset = page.from + page.number * endpoint.maxLimit;
  return { offset, limit: Math.min(endpoint.maxLimit, page.maxItems - offset) };
}

interface PageAnswer {
  /** The page's number within its run, from 0. */
  readonly number: number;
  /** The page as it was planned. */
  readonly planned: PageRequest;
  /** The items that were asked for: fewer where the money paid for no more. */
  readonly limit: number;
  /** Empty where the answer says that there is nothing. */
  readonly elements: readonly unknown[];
  readonly totalCount: number | null;
  readonly cost: Nanos;
  readonly earlier: EarlierPages;
  readonly maxItems: number;
}

/**
 * What a page means for its row. A page shorter than asked for ends the row, or the job's item limit, or the total
 * where it counts the items, or the money; a full page that none of these ends is followed by another. An element that is
 * no item fills its page all the same.
 */
export function listOutcome(endpoint: ListEndpoint, page: PageAnswer): AnswerOutcome {
  const { planned, elements, totalCount, earlier } = page;
  const items = elements.filter(isObject).length;
  const strays = (earlier.strays ?? 0) + elements.length - items;
  const itemsSoFar = earlier.items + items;
  const costSoFar = earlier.cost + page.cost;
  const end = endOf(endpoint, page, itemsSoFar + strays);
  const mark = end === null ? markOf(endpoint, page) : null;
  if (mark === 'repeated') return repeatedPage({ itemsSoFar: earlier.items, costSoFar });
  return {
    kind: 'list',
    offset: planned.offset,
    items,
    totalCount,
    itemsSoFar,
    costSoFar,
    status: end === null ? null : itemsSoFar > 0 ? 'ok' : 'empty',
    truncated: end?.truncated ?? null,
    ...(strays > 0 && { strays }),
    ...(mark !== null && { mark }),
  };
}

/** Why a page is its row's last one; null where another follows. `seen`: elements of the row so far. */
function endOf(
  endpoint: ListEndpoint,
  { planned, limit, elements, totalCount, maxItems }: PageAnswer,
  seen: number,
): { readonly truncated: 'max_items' | 'budget' | null } | null {
  const isTotal = endpoint.totalCountsItems && totalCount !== null && seen >= totalCount;
  if (elements.length < limit || isTotal) return { truncated: null };
  if (seen >= maxItems) return { truncated: 'max_items' };
  return limit < planned.limit ? { truncated: 'budget' } : null;
}

/** An upstream that gives the same page for every offset would be asked, and paid, without end. */
function repeatedPage(soFar: { itemsSoFar: number; costSoFar: Nanos }): AnswerOutcome {
  return { kind: 'failed', code: 'answer_unreadable', message: 'The same page came twice.', ...soFar };
}

/**
 * The keys that the next page is compared with. By Brent's algorithm these are the keys of page 0, 1, 3, 7, …: so every
 * cycle of pages is found, though one page's keys are kept only.
 */
function markOf(endpoint: ListEndpoint, { number, elements, earlier }: PageAnswer): string {
  const hash = createHash('sha1');
  for (const element of elements) hash.update(`${keyOf(element, endpoint)}\n`);
  const keys = hash.digest('base64url');
  if (keys === earlier.mark) return 'repeated';
  const isMarked = (number & (number + 1)) === 0;
  return isMarked || earlier.mark === undefined ? keys : earlier.mark;
}

function keyOf(element: unknown, { keyField }: ListEndpoint): string {
  const key = isObject(element) ? element[keyField] : element;
  return typeof key === 'string' ? key : JSON.stringify(element ?? null);
}
