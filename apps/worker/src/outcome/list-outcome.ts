import { createHash } from 'node:crypto';
import { isObject, itemKeyOf, type Nanos, type RowEndpoint } from '@linkhaul/schemas';
import { type AnswerOutcome, type PageToken, withoutAnswer } from '@linkhaul/storage';

/** What the row has from earlier pages. */
export interface EarlierPages {
  readonly items: number;
  readonly cost: Nanos;
  /** Elements that are no items, such as null: they fill a page but give the row nothing. */
  readonly strays?: number;
  /** A hash of the keys of one earlier page of this run, to notice a page that comes again. */
  readonly mark?: string;
  /** By which the next page comes, where the row's pages come so. */
  readonly token?: PageToken;
}

/** The page that a call asks for. */
export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  /** How many of its items the job wants. A page by token is always a whole one. */
  readonly wanted: number;
  /** Whether the row's pages come by the token of the page before, and not by offset. */
  readonly byToken: boolean;
}

/**
 * The page with this number, from 0, counted from the item `from`. Shorter if the job's item limit ends within it. Where an
 * endpoint has no pages, it is everything. A row that may need pages behind the highest offset gets all its pages by token,
 * because under a token every field of the request has to stay as it was in the first one, `limit` and `offset` too.
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
  /** The items that were asked for: fewer than planned if the money was short. */
  readonly limit: number;
  /** Empty if the answer says that there is nothing. */
  readonly elements: readonly unknown[];
  readonly totalCount: number | null;
  /** By which the upstream gives the next page; null where it says none. */
  readonly token: PageToken | null;
  readonly cost: Nanos;
  readonly earlier: EarlierPages;
  readonly maxItems: number;
}

/**
 * What a page means for its row. The row ends with a page that is shorter than asked for, at the job's item limit, at the
 * total count, or when the money is short. Otherwise another page follows.
 */
export function listOutcome(endpoint: RowEndpoint, page: PageAnswer): AnswerOutcome {
  const { planned, elements, totalCount, earlier } = page;
  const came = elements.filter(isObject).length;
  const items = Math.min(came, planned.wanted);
  const strays = (earlier.strays ?? 0) + elements.length - came;
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
    ...(came > items && { surplus: came - items }),
    ...(token !== null && { token }),
    ...(mark !== null && { mark }),
  };
}

/** Why a page is the last one of its row; null if another follows. `seen`: the row's elements so far, items or not. */
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

/** An upstream that returns the same page for every offset would otherwise be paid without end. */
/** A retry does not go on by the token that led to the same page. */
function repeatedPage({ earlier: { token: _, ...earlier }, cost }: PageAnswer): AnswerOutcome {
  const soFar = withoutAnswer(earlier, cost);
  return { kind: 'failed', code: 'answer_unreadable', message: 'The same page came twice.', ...soFar };
}

/**
 * The hash that the next pages are compared with. Brent's algorithm keeps that of page 0, 1, 3, 7, …: it finds every cycle
 * of pages although only one hash is kept.
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
