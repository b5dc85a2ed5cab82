import { type Change, type EndpointName, endpointOf } from '@linkhaul/schemas';
import type { DiffField } from './fields.js';
import type { DiffRecord } from './record.js';

type Values = DiffRecord['values'];
type Key = Change['key'];

/** Says what became of targets and items. */
export interface Comparison {
  /** Null where the items of the target say it. */
  ofTarget(old: DiffRecord | null, now: DiffRecord | null): Change | null;
  ofItem(old: DiffRecord | null, now: DiffRecord | null): Change | null;
}

interface CompareOptions {
  readonly endpoint: EndpointName;
  readonly fields: readonly DiffField[];
  /** A number that differs by less has not changed. */
  readonly minChange: number;
}

export function createComparison({ endpoint, fields, minChange }: CompareOptions): Comparison {
  const known = endpointOf(endpoint);
  const itemField = known.kind === 'list' ? known.keyField : null;
  const keyOf = ({ target, item }: DiffRecord): Key => ({ target, ...(itemField !== null && { [itemField]: item }) });
  const shown = (values: Values) =>
    values === null ? null : Object.fromEntries(fields.map(({ name }, at) => [name, values[at] ?? null]));

  const judged = (key: Key, old: Values, now: Values): Change => {
    const both = { key, before: shown(old), after: shown(now) };
    if (old === null || now === null) {
      const change = now !== null ? 'new' : old === null ? 'same' : 'lost';
      return { ...both, change, delta: null };
    }
    const differing = fields.flatMap(({ name }, at) => {
      const by = differenceOf(old[at] ?? null, now[at] ?? null);
      return by === null || (by !== undefined && Math.abs(by) < minChange) ? [] : [{ name, by }];
    });
    const numbers = differing.flatMap(({ name, by }) => (by === undefined ? [] : [[name, by] as const]));
    const delta = differing.length === 0 ? null : Object.fromEntries(numbers);
    return { ...both, change: differing.length === 0 ? 'same' : 'changed', delta };
  };

  return {
    ofTarget(old, now) {
      if (now === null) {
        return old === null
          ? null
          : { key: keyOf(old), change: 'removed', before: shown(old.values), after: null, delta: null };
      }
      const key = keyOf(now);
      if (!now.known || old?.known === false) {
        return { key, change: 'unknown', before: shown(old?.values ?? null), after: shown(now.values), delta: null };
      }
      if (itemField !== null) return null;
      const change = judged(key, old?.values ?? null, now.values);
      return old === null ? { ...change, change: 'new' } : change;
    },
    ofItem(old, now) {
      const record = now ?? old;
      return record === null ? null : judged(keyOf(record), old?.values ?? null, now?.values ?? null);
    },
  };
}

/** Null where there is none; undefined where it is not one of numbers. */
function differenceOf(old: unknown, now: unknown): number | null | undefined {
  if (old === now) return null;
  if (typeof old === 'number' && typeof now === 'number') return now - old;
  return JSON.stringify(old) === JSON.stringify(now) ? null : undefined;
}
