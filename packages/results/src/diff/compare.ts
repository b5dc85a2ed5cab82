import { type Change, type EndpointName, endpointOf, itemKeyOf } from '@linkhaul/schemas';
import type { DiffField } from './fields.js';
import type { DiffRecord, DiffRow } from './record.js';

type About = Pick<Change, 'key' | 'id' | 'line' | 'input'>;
type Values = DiffRecord['values'];

/** Compares targets and items of two runs. */
export interface Comparison {
  /** Null if the target's items are compared instead. */
  ofTarget(old: DiffRecord | null, now: DiffRecord | null): Change | null;
  /** `row` is the target's row: of the later run if the target is in it. */
  ofItem(row: DiffRow, old: DiffRecord | null, now: DiffRecord | null): Change | null;
}

interface CompareOptions {
  readonly endpoint: EndpointName;
  readonly fields: readonly DiffField[];
  /** A number that differs by less counts as unchanged. */
  readonly minChange: number;
}

export function createComparison({ endpoint, fields, minChange }: CompareOptions): Comparison {
  const itemNames = itemKeyOf(endpointOf(endpoint))?.names ?? [];
  const aboutOf = ({ target, item }: DiffRecord, row: DiffRow): About => ({
    key: { target, ...Object.fromEntries(itemNames.map((name, at) => [name, item?.[at] ?? null])) },
    ...row,
  });
  const shown = (values: Values) =>
    values === null ? null : Object.fromEntries(fields.map(({ name }, at) => [name, values[at] ?? null]));

  const judged = (about: About, old: Values, now: Values): Change => {
    const changeOf = (change: Change['change'], delta: Change['delta'] = null): Change => ({
      ...about,
      change,
      before: shown(old),
      after: shown(now),
      delta,
    });
    if (old === null || now === null) return changeOf(now !== null ? 'new' : old === null ? 'same' : 'lost');
    const differing = fields.flatMap(({ name }, at) => {
      const by = differenceOf(old[at] ?? null, now[at] ?? null);
      return by === null || (by !== undefined && Math.abs(by) < minChange) ? [] : [{ name, by }];
    });
    if (differing.length === 0) return changeOf('same');
    const numbers = differing.flatMap(({ name, by }) => (by === undefined ? [] : [[name, by] as const]));
    return changeOf('changed', Object.fromEntries(numbers));
  };

  return {
    ofTarget(old, now) {
      const record = now ?? old;
      if (record === null) return null;
      const about = aboutOf(record, record.row);
      const sides = { before: shown(old?.values ?? null), after: shown(now?.values ?? null), delta: null };
      if (now === null) return { ...about, change: 'removed', ...sides };
      if (!now.known || old?.known === false) return { ...about, change: 'unknown', ...sides };
      if (itemNames.length > 0) return null;
      const change = judged(about, old?.values ?? null, now.values);
      return old === null ? { ...change, change: 'new' } : change;
    },
    ofItem(row, old, now) {
      const record = now ?? old;
      return record === null ? null : judged(aboutOf(record, row), old?.values ?? null, now?.values ?? null);
    },
  };
}

/** The difference of two numbers: null if there is none, undefined if the values are not numbers. */
function differenceOf(old: unknown, now: unknown): number | null | undefined {
  if (old === now) return null;
  if (typeof old === 'number' && typeof now === 'number') return now - old;
  return JSON.stringify(old) === JSON.stringify(now) ? null : undefined;
}
