import type { Nanos, RetryCode } from '@linkhaul/schemas';
import {
  callBefore,
  type EarlierRuns,
  failedByDamage,
  type LastCall,
  MISSING_TARGET,
  type PlannedRun,
  type PlannedTarget,
  type PlanShape,
  shareOfTarget,
  soFarOf,
} from '@linkhaul/storage';

/** Rows of one call that have no answer, and why. */
export interface RowsWithoutAnswer {
  readonly code: RetryCode;
  readonly targets: readonly PlannedTarget[];
  /** The positions of the targets in the call. */
  readonly positions: readonly number[];
}

interface Known {
  readonly run: PlannedRun;
  readonly plan: PlanShape;
  /** What a call with a damaged answer cost; for a list, together with the pages before it. 0 if that is unknown. */
  paidForDamaged(last: LastCall): Promise<Nanos>;
}

/** The rows of a call that have no answer. Null if all rows have one. */
export async function rowsWithoutAnswer(
  last: LastCall,
  { run: { end }, plan, paidForDamaged }: Known,
): Promise<RowsWithoutAnswer | null> {
  const { call, open, answer } = last;
  const outcome = answer?.header.outcome;
  if (failedByDamage(last)) {
    const paid = await paidForDamaged(last);
    return rowsOf('answer_damaged', withEarlier(last, listSoFar(last, plan, paid), paid));
  }
  if (answer === null || outcome === undefined || call !== open) {
    if (end === null || end === 'done') return null;
    return rowsOf(end, withEarlier(last, listSoFar(last, plan), 0));
  }
  const { cost } = answer.header;
  if (outcome.kind === 'failed') {
    return rowsOf(outcome.code, withEarlier(last, listSoFar(last, plan), cost));
  }
  if (outcome.kind !== 'bulk') return null;
  const isMissing = (at: number) => (outcome.items[at] ?? MISSING_TARGET) === MISSING_TARGET;
  const missing = rowsOf(outcome.failure?.code ?? 'missing_in_answer', withEarlier(last, null, cost), isMissing);
  return missing.targets.length === 0 ? null : missing;
}

function rowsOf(
  code: RetryCode,
  targets: readonly PlannedTarget[],
  isWithout: (at: number) => boolean = () => true,
): RowsWithoutAnswer {
  const positions = [...targets.keys()].filter(isWithout);
  return { code, targets: targets.filter((_, at) => isWithout(at)), positions };
}

/**
 * What the row of a list already has: the items before its first damaged page, where it continues, and what all its pages cost.
 * Null if no page is readable.
 */
function listSoFar(last: LastCall, plan: PlanShape, paid: Nanos = 0): EarlierRuns | null {
  if (plan.kind === 'bulk') return null;
  const known = pagesSoFar(last, plan);
  if (last.damage === null) return known;
  const { before } = last.damage;
  return { ...before, cost: Math.max(known?.cost ?? 0, before.cost, paid) };
}

function pagesSoFar({ answer, targets: [target] }: LastCall, plan: PlanShape): EarlierRuns | null {
  const outcome = answer?.header.outcome;
  if (answer == null || outcome === undefined || !('itemsSoFar' in outcome)) return null;
  const { call } = answer.header;
  const lastPage = outcome.kind === 'list' ? call : (callBefore(call, plan) ?? target?.before?.lastPage);
  return { ...soFarOf(outcome), ...(lastPage !== undefined && { lastPage }) };
}

/** The call's targets with what they already have: a list from its pages, a bulk target its share of its calls' cost. */
function withEarlier(
  { targets, costBefore, answer }: LastCall,
  list: EarlierRuns | null,
  cost: number,
): PlannedTarget[] {
  return targets.map((target, at) => {
    const own = shareOfTarget({ cost, before: costBefore ?? 0, targets, copied: answer?.header.copied }, at);
    const { items = 0, cost: paid = 0 } = target.before ?? {};
    const before = list ?? { ...target.before, items, cost: paid + own };
    return before.items === 0 && before.cost === 0 ? target : { ...target, before };
  });
}
