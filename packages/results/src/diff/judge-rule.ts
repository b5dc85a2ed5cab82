import type { AlertRule, Change } from '@linkhaul/schemas';
import { createLargest } from './largest.js';
import { type ComparedTotal, numberAt } from './numbers.js';

/** A rule that holds. */
export interface JudgedRule {
  readonly rule: AlertRule;
  /** How many rows or items it holds for. 1 for a rule about a total. */
  readonly count: number;
  /** The largest changes of these rows or items. */
  readonly examples: readonly Change[];
  /** Set for a rule about a total. */
  readonly total: ComparedTotal | null;
}

interface Ended {
  readonly totals: Readonly<Record<string, ComparedTotal>>;
  /** How many rows and items the earlier run had, of those that both runs know. */
  readonly known: number;
}

/** Judges one rule of a watch by the changes between two runs. */
export interface RuleJudge {
  take(change: Change): void;
  /** Null if the rule does not hold. */
  end(ended: Ended): JudgedRule | null;
}

export function createRuleJudge(rule: AlertRule): RuleJudge {
  const { field, scope, by } = rule;
  const isOfTotal = scope === 'total';
  const isOfNumber = rule.change === 'drop' || rule.change === 'rise';
  const examples = createLargest(field ?? '');
  let count = 0;
  return {
    take(change) {
      if (isOfNumber ? isOfTotal || !movesEnough(rule, change) : !appears(rule, change)) return;
      count++;
      examples.take(change);
    },
    end({ totals, known }) {
      if (isOfNumber && isOfTotal) {
        const total = totals[field ?? ''] ?? { before: 0, after: 0 };
        return isReached(rule, total) ? { rule, count: 1, examples: [], total } : null;
      }
      const least = isOfTotal ? amountOf(by, known) : 0;
      return count > 0 && count >= least ? { rule, count, examples: examples.all(), total: null } : null;
    },
  };
}

/** Whether a row or item is new or lost or, if the rule names a field, whether its value is. */
function appears({ change: wanted, field }: AlertRule, { change, before, after }: Change): boolean {
  if (field === undefined) return change === wanted;
  const [had, has] = [(before?.[field] ?? null) !== null, (after?.[field] ?? null) !== null];
  return wanted === 'new' ? !had && has : had && !has;
}

function movesEnough(rule: AlertRule, { before, after }: Change): boolean {
  const { field = '' } = rule;
  if (typeof before?.[field] !== 'number' || typeof after?.[field] !== 'number') return false;
  return isReached(rule, { before: numberAt(before, field), after: numberAt(after, field) });
}

function isReached({ change, by }: AlertRule, { before, after }: ComparedTotal): boolean {
  const moved = change === 'drop' ? before - after : after - before;
  return moved > 0 && moved >= amountOf(by, before);
}

/** `by` is `5`, or `"5%"` of a number. */
function amountOf(by: AlertRule['by'], of: number): number {
  if (typeof by === 'string') return (Number.parseFloat(by) / 100) * Math.abs(of);
  return by ?? 0;
}
