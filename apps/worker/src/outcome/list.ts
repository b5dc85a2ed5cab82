import type { ListEndpoint, Nanos, UpstreamResult } from '@linkhaul/schemas';
import type { AnswerOutcome } from '@linkhaul/storage';

/** What the row has from its earlier pages. */
export interface EarlierPages {
  readonly items: number;
  readonly cost: Nanos;
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
  /** The page as it was planned. */
  readonly planned: PageRequest;
  /** The items that were asked for: fewer where the money paid for no more. */
  readonly limit: number;
  readonly result: UpstreamResult | null;
  readonly cost: Nanos;
  readonly earlier: EarlierPages;
  readonly maxItems: number;
}

/**
 * What a page means for its row. A page shorter than asked for ends the row, or the job's item limit, or the total
 * where it counts the items, or the money; a full page that none of these ends is followed by another.
 */
export function listOutcome(endpoint: ListEndpoint, page: PageAnswer): AnswerOutcome {
  const { planned, limit, result, earlier } = page;
  const items = result?.items?.length ?? 0;
  const totalCount = result?.total_count ?? null;
  const itemsSoFar = earlier.items + items;
  const allThere = items < limit || (endpoint.totalCountsItems && totalCount !== null && itemsSoFar >= totalCount);
  const atLimit = itemsSoFar >= page.maxItems;
  const outOfMoney = limit < planned.limit;
  const ends = allThere || atLimit || outOfMoney;
  return {
    kind: 'list',
    offset: planned.offset,
    items,
    totalCount,
    itemsSoFar,
    costSoFar: earlier.cost + page.cost,
    status: ends ? (itemsSoFar > 0 ? 'ok' : 'empty') : null,
    truncated: allThere ? null : atLimit ? 'max_items' : outOfMoney ? 'budget' : null,
  };
}
