import type { Nanos, RetryCode } from '@linkhaul/schemas';
import {
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
}

interface Known {
  readonly run: PlannedRun;
  readonly plan: PlanShape;
  /** What a call cost whose answer is damaged, of a list with the pages before it; 0 if nothing tells. */
  paidForDamaged(last: LastCall): Promise<Nanos>;
}

/** The rows of a call that have no answer. Null if all rows have one. */
export async function rowsWithoutAnswer(
  last: LastCall,
  { run: { end }, plan: { kind }, paidForDamaged }: Known,
): Promise<RowsWithoutAnswer | null> {
  const { call, open, answer } = last;
  const outcome = answer?.header.outcome;
  if (failedByDamage(last)) {
    const paid = await paidForDamaged(last);
    return { code: 'answer_damaged', targets: withEarlier(last, listSoFar(last, kind, paid), paid) };
  }
  if (answer === null || outcome === undefined || call !== open) {
    if (end === null || end === 'done') return null;
    return { code: end, targets: withEarlier(last, listSoFar(last, kind), 0) };
  }
  const { cost } = answer.header;
  if (outcome.kind === 'failed') {
    return { code: outcome.code, targets: withEarlier(last, listSoFar(last, kind), cost) };
  }
  if (outcome.kind !== 'bulk') return null;
  const missing = withEarlier(last, null, cost).filter(
    (_, at) => (outcome.items[at] ?? MISSING_TARGET) === MISSING_TARGET,
  );
  return missing.length === 0 ? null : { code: 'missing_in_answer', targets: missing };
}

/**
 * What the row of a list has: the items before its first damaged page, where it continues, and what all its pages cost. Null
 * if no page tells.
 */
function listSoFar({ answer, damage }: LastCall, kind: PlanShape['kind'], paid: Nanos = 0): EarlierRuns | null {
  const outcome = answer?.header.outcome;
  const known = outcome !== undefined && 'itemsSoFar' in outcome ? soFarOf(outcome) : null;
  if (kind === 'bulk' || damage === null) return kind === 'bulk' ? null : known;
  return { ...damage.before, cost: Math.max(known?.cost ?? 0, damage.before.cost, paid) };
}

/** The call's targets with what they have already: a list from its pages, a bulk target its share of what its calls cost. */
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
