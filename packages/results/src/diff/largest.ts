import type { Change } from '@linkhaul/schemas';
import { numberAt } from './numbers.js';

const MOST = 10;

/** Keeps the ten changes with the largest differences of a field. */
export function createLargest(field: string) {
  const kept: { readonly change: Change; readonly by: number }[] = [];
  return {
    take(change: Change): void {
      const by = Math.abs(numberAt(change.after, field) - numberAt(change.before, field));
      const last = kept.at(-1);
      if (kept.length === MOST && last !== undefined && last.by >= by) return;
      const at = kept.findIndex((other) => other.by < by);
      kept.splice(at === -1 ? kept.length : at, 0, { change, by });
      if (kept.length > MOST) kept.pop();
    },
    all: (): readonly Change[] => kept.map(({ change }) => change),
  };
}
