import type { FieldList, Value } from './fields.js';
import { compareValues, fieldOf, valueAt } from './filter.js';

/** Items by rules of the form `field,asc`, each deciding where those before it do not. */
export function sorted<T extends Value>(items: readonly T[], rules: readonly string[], known: FieldList): T[] {
  const read = rules.map((rule) => {
    const comma = rule.lastIndexOf(',');
    return { path: fieldOf(rule.slice(0, comma), known).path, falling: rule.slice(comma + 1) === 'desc' };
  });
  return items.toSorted((a, b) => {
    for (const { path, falling } of read) {
      const order = compare(valueAt(a, path), valueAt(b, path), falling);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Missing values come last either way. */
function compare(a: Value, b: Value, falling: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return falling ? compareValues(b, a) : compareValues(a, b);
}
