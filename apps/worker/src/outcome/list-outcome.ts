import { createHash } from 'node:crypto';
import { isObject, itemKeyOf, type Nanos, type RowEndpoint } from '@linkhaul/schemas';
import { type AnswerOutcome, type PageToken, withoutAnswer } from '@linkhaul/storage';

/** What the row got from earlier pages. */
export interface EarlierPages {
  readonly items: number;
  readonly cost: Nanos;
  /** Elements that are not items, such as null: they fill a page but give the row nothing. */
  readonly strays?: number;
  /** A hash of the keys of one earlier page of this run, by which a repeated page is recognised. */
  readonly mark?: string;
  /** The token of the next page, if the row's pages come by token. */
  readonly token?: PageToken;
}

/** The page that a call asks for. */
export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** How many of its items the job wants. A page by token is always a whole one. */
  readonly wanted: number;
  /** Whether the row's pages come by the previous page's token instead of by offset. */
  readonly byToken: boolean;
}

/**
 * The page with this number, from 0, counted from the item `from`. It is shorter if the job's item limit ends within it. On an
 * endpoint without pages it is everything. A row that may need pages beyond the highest offset gets all its pages by token: with
 * a token, every field of the request must stay as in the first one, including `limit` and `offset`.
 */
export function pageRequest(
  endpoint: RowEndpoint,
  page: { number: number; from: number; maxItems: number },
): PageRequest {
  if (endpoint.kind === 'single') return { offset: 0, limit: page.maxItems, wanted: page.maxItems, byToken: false };
  const { maxLimit, maxOffset = Number.POSITIVE_INFINITY } = endpoint;
  const offset = page.from + page.number * maxLimit;
  const wanted = Math.min(maxLimit, page.maxItems - offset);
  const byToken = page.maxItems > maxOffset + maxLimit;
  return { offset, limit: byToken ? maxLimit : wanted, wanted, byToken };
}

interface PageAnswer {
  /** The page's number within its run, from 0. */
  readonly number: number;
  readonly planned: PageRequest;
  /** The number of items that were requested: fewer than planned if money was short. */
  readonly limit: number;
  /** Empty if the answer says that nothing was found. */
  readonly elements: readonly unknown[];
  readonly totalCount: number | null;
  /** The token of the next page; null if the upstream gave none. */
  readonly token: PageToken | null;
  readonly cost: Nanos;
  readonly earlier: EarlierPages;
  readonly maxItems: number;
}

/**
 * What a page means for its row. The row ends with a page that is shorter than requested, at the job's item limit, at the total
 * count, or if money was short. Otherwise another page follows.
 */
export function listOutcome(endpoint: RowEndpoint, page: PageAnswer): AnswerOutcome {
  const { planned, elements, totalCount, earlier } = page;
  const received = elements.filter(isObject).length;
  const items = Math.min(received, planned.wanted);
  const strays = (earlier.strays ?? 0) + elements.length - received;
  const itemsSoFar = earlier.items + items;
  const costSoFar = earlier.cost + page.cost;
  const end = endOf(endpoint, page, itemsSoFar + strays);
  const mark = end === null ? markOf(endpoint, page) : null;
  const token = end === null && planned.byToken ? page.token : null;
  const isSameToken = token !== null && token.text === earlier.token?.text;
  if (mark === 'repeated' || isSameToken) return repeatedPage(page);
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
    ...(received > items && { surplus: received - items }),
    ...(token !== null && { token }),
    ...(mark !== null && { mark }),
  };
}

/** Why a page is the last of its row; null if another follows. `seen`: the row's elements so far, items or not. */
function endOf(
  endpoint: RowEndpoint,
  { planned, limit, elements, totalCount, maxItems }: PageAnswer,
  seen: number,
): { readonly truncated: 'max_items' | 'budget' | null } | null {
  if (endpoint.kind === 'single') return { truncated: null };
  const isTotal = endpoint.totalCountsItems && totalCount !== null && seen >= totalCount;
  if (elements.length < limit || isTotal) return { truncated: null };
  if (seen >= maxItems) return { truncated: 'max_items' };
  return limit < planned.limit ? { truncated: 'budget' } : null;
}

/** Ends the row, or an upstream that repeats one page would be paid without end. A retry drops the token that led here. */
function repeatedPage({ earlier: { token: _, ...earlier }, cost }: PageAnswer): AnswerOutcome {
  const soFar = withoutAnswer(earlier, cost);
  return { kind: 'failed', code: 'answer_unreadable', message: 'The same page came twice.', ...soFar };
}

/**
 * The hash that later pages are compared with. As in Brent's algorithm, it is the hash of page 0, 1, 3, 7, …: that finds every
 * cycle of pages although only one hash is kept.
 */
function markOf(endpoint: RowEndpoint, { number, elements, earlier }: PageAnswer): string {
  const hash = createHash('sha1');
  for (const element of elements) hash.update(`${textOf(element, endpoint)}\n`);
  const keys = hash.digest('base64url');
  if (keys === earlier.mark) return 'repeated';
  const isMarked = (number & (number + 1)) === 0;
  return isMarked || earlier.mark === undefined ? keys : earlier.mark;
}

function textOf(element: unknown, endpoint: RowEndpoint): string {
  const key = itemKeyOf(endpoint);
  return JSON.stringify(key !== null && isObject(element) ? key.partsOf(element) : (element ?? null));
}
