import type { Hint } from '@linkhaul/jobs';
import { elementTexts, resultHead } from '@linkhaul/results';
import type { Endpoint, JsonObject } from '@linkhaul/schemas';
import { type Answer, pagesUpTo, readAnswer } from '@linkhaul/storage';
import type { Copy, FurtherPart } from './copy.js';
import { type CopyServices, isUsable, type Source, type Wish } from './source.js';

/** How many pages are in memory at once, and stored as one object. */
const PAGES_PER_PART = 20;

/** Copies as much of a list as the job wants. Null if the list is incomplete, or a page cannot be used. */
export async function listCopy(source: Source, wish: Wish, services: CopyServices): Promise<Copy | null> {
  const { hint, answer } = source;
  const { outcome, copied } = answer.header;
  if (outcome.kind !== 'list' || outcome.status === null || copied !== undefined) return null;
  const isPart = outcome.truncated !== null;
  if (isPart && outcome.itemsSoFar < wish.maxItems) return null;
  const pages = await pagesOf(source, services);
  if (pages === null) return null;
  const parts = await readParts(hint, pages, wish, services);
  if (parts === null || parts.total !== outcome.itemsSoFar) return null;
  const isCut = parts.total > wish.maxItems;
  return {
    fetchedAt: parts.oldest,
    simulated: answer.header.simulated,
    items: parts.first,
    further: parts.further,
    totalCount: outcome.totalCount,
    isCut: isPart || isCut,
    head: wish.wantsHead ? await headOfList(answer, isCut) : null,
    source: hint.job,
  };
}

interface ListParts {
  readonly first: readonly string[];
  readonly further: readonly FurtherPart[];
  /** All items of the stored list, including those that are not wanted. */
  readonly total: number;
  /** When the oldest page was fetched, in ms since the epoch. */
  readonly oldest: number;
}

/** Reads the whole list, because any page may be too old. Keeps the items of the first part only. */
async function readParts(
  hint: Hint,
  pages: readonly number[],
  wish: Wish,
  services: CopyServices,
): Promise<ListParts | null> {
  const further: FurtherPart[] = [];
  let first: readonly string[] = [];
  let [total, oldest] = [0, Number.POSITIVE_INFINITY];
  for (let from = 0; from < pages.length; from += PAGES_PER_PART) {
    const read = () => readPages(hint, pages.slice(from, from + PAGES_PER_PART), wish, services);
    const part = await read();
    if (part === null) return null;
    const items = Math.min(part.items.length, wish.maxItems - total);
    if (from === 0) first = part.items.slice(0, items);
    else if (items > 0) further.push({ items, read: async () => (await read())?.items.slice(0, items) ?? null });
    total += part.items.length;
    oldest = Math.min(oldest, part.oldest);
  }
  return { first, further, total, oldest };
}

/** The token continues after the last element of the last page. A list that was cut lacks that element, so it gets no token. */
async function headOfList(lastPage: Answer, isCut: boolean): Promise<JsonObject | null> {
  const { outcome } = lastPage.header;
  const head = await resultHead(lastPage);
  const hasLast = !isCut && outcome.kind === 'list' && outcome.surplus === undefined;
  if (head === null || hasLast) return head;
  const { search_after_token: _, ...rest } = head;
  return rest;
}

/** The calls with the list's pages, those of earlier runs first. Null if an earlier version did not record them. */
async function pagesOf({ hint, planned, targets }: Source, { source }: CopyServices): Promise<number[] | null> {
  const { plan } = planned;
  let pages: number[] = [];
  let [before, last] = [targets[0]?.before, hint.call];
  for (;;) {
    pages = [...pagesUpTo(last, plan), ...pages];
    if (before === undefined || before.items === 0) return pages;
    if (before.lastPage === undefined) return null;
    last = before.lastPage;
    before = (await source.targets(hint.job, plan, last))[0]?.before;
  }
}

interface Pages {
  readonly items: readonly string[];
  /** When the oldest page was fetched, in ms since the epoch. */
  readonly oldest: number;
}

/** Null if a page cannot be used, or is gone. */
async function readPages(
  { job, call: last, attempt: newest }: Hint,
  calls: readonly number[],
  wish: Wish,
  services: CopyServices,
): Promise<Pages | null> {
  const items: string[] = [];
  let oldest = Number.POSITIVE_INFINITY;
  for (const call of calls) {
    // The answer of the last call was noted before the call was settled, so the hint has its attempt.
    const attempt = call === last ? newest : await services.calls.settledAttempt({ job, call });
    const found = await readAnswer(services.storage, job, { call, attempt });
    if (found.kind !== 'there' || !isUsable(found.answer, wish)) return null;
    const page = await itemsOfPage(found.answer, wish.endpoint);
    if (page === null) return null;
    for (const item of page) items.push(item);
    oldest = Math.min(oldest, found.answer.header.answeredAt);
  }
  return { items, oldest };
}

async function itemsOfPage(answer: Answer, endpoint: Endpoint): Promise<readonly string[] | null> {
  const { outcome } = answer.header;
  if (outcome.kind !== 'list') return null;
  const texts = await elementTexts({ answer, endpoint });
  return texts.filter((text) => text !== null).slice(0, outcome.items);
}
