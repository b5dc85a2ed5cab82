import { isoTime } from '@linkhaul/jobs';
import { type Nanos, type Row, usdOf } from '@linkhaul/schemas';
import {
  type Answer,
  type CopiedTargets,
  costUpTo,
  EMPTY_TARGET,
  MISSING_TARGET,
  type PlannedTarget,
  shareOfTarget,
} from '@linkhaul/storage';
import { errorOf, missingError } from './lines.js';

/** A row's place in its call, which decides its share of the call's cost. */
export interface Place {
  /** Whether `total_count` counts the items of the job's endpoint. */
  readonly isCounted: boolean;
  /** This call's share of the cost of the calls that were split before it. Null if nobody knows. */
  readonly costBefore: Nanos | null;
  /** What the row cost in earlier runs, if the answer does not count it. */
  readonly costOfRow: Nanos;
  readonly position: number;
  readonly targets: readonly PlannedTarget[];
  /** Whether this row bought the target. The others paid nothing. */
  readonly isFirst: boolean;
}

/** What an answer says about one of its rows. */
export function outcomeOf(answer: Answer, place: Place): Partial<Row> {
  const { outcome, answeredAt, copied } = answer.header;
  const isDecided = outcome.kind === 'bulk' || outcome.kind === 'list';
  const fetchedAt = (isDecided ? copied?.fetchedAt[place.position] : null) ?? answeredAt;
  // A list pays for its earlier pages itself, although its answer was copied in the end.
  const shared = outcome.kind === 'list' ? undefined : copied;
  const paid = { fetched_at: isoTime(fetchedAt), cost_usd: paidFor(place, costUpTo(answer.header), shared) };
  switch (outcome.kind) {
    case 'bulk':
      return { ...paid, ...bulkOutcome(outcome.items[place.position] ?? MISSING_TARGET, answer) };
    case 'failed': {
      const { itemsSoFar: items } = outcome;
      return {
        ...paid,
        items,
        truncated: items > 0 ? 'error' : null,
        status: 'failed',
        error: errorOf(outcome.code, answer),
      };
    }
    case 'split':
    case 'deferred':
      return {};
    case 'list': {
      const counted = { ...paid, items: outcome.itemsSoFar, total_count: outcome.totalCount };
      if (outcome.status === null) return counted;
      return { ...counted, status: outcome.status, truncated: truncatedOf(outcome, place), error: null };
    }
  }
}

type ListOutcome = Extract<Answer['header']['outcome'], { kind: 'list' }>;

/** Why a list has fewer items than the upstream counts. */
function truncatedOf({ truncated, totalCount, itemsSoFar }: ListOutcome, { isCounted }: Place): Row['truncated'] {
  if (truncated !== null) return truncated;
  return isCounted && totalCount !== null && totalCount > itemsSoFar ? 'upstream' : null;
}

function bulkOutcome(at: number, answer: Answer): Pick<Row, 'status' | 'items' | 'error'> {
  if (at === MISSING_TARGET) return { status: 'failed', items: 0, error: missingError(answer) };
  return at === EMPTY_TARGET ? { status: 'empty', items: 0, error: null } : { status: 'ok', items: 1, error: null };
}

/**
 * The row's share of the cost of its call and of the calls split before it. Null if nobody knows. The shares add up to the
 * cost.
 */
export function paidFor(
  { position, targets, isFirst, costBefore, costOfRow }: Place,
  cost: Nanos | null,
  copied?: CopiedTargets,
): Row['cost_usd'] {
  if (!isFirst) return 0;
  if (cost === null || costBefore === null) return null;
  return usdOf(costOfRow + shareOfTarget({ cost, before: costBefore, targets, copied }, position));
}
