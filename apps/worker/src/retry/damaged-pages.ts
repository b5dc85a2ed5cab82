import type { LastCall, PlanShape } from '@linkhaul/storage';

interface DamagedPages {
  /** Returns the call with the first damage to its row in any run, and the damaged calls that a retry of it replaces. */
  take(last: LastCall, isRetried: boolean): { last: LastCall; calls: readonly number[] };
}

/**
 * Remembers pages of lists that were found to be damaged after later runs had continued beyond them. A retry of such a row begins
 * again at the first damaged page.
 */
export function createDamagedPages({ kind }: PlanShape): DamagedPages {
  const byLine = new Map<number, { first: NonNullable<LastCall['damage']>; calls: number[] }>();
  return {
    take(last, isRetried) {
      const { damage, targets } = last;
      if (damage === null) return { last, calls: [] };
      const line = targets[0]?.rows[0].line;
      if (kind === 'bulk' || line === undefined) return { last, calls: [damage.call] };
      const known = byLine.get(line) ?? { first: damage, calls: [] };
      known.calls.push(damage.call);
      if (isRetried) byLine.set(line, known);
      const isBehind = known.first.before.items < (targets[0]?.before?.items ?? 0);
      return isBehind ? { last: { ...last, damage: known.first }, calls: known.calls } : { last, calls: [damage.call] };
    },
  };
}
