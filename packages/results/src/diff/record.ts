import type { Change } from '@linkhaul/schemas';
import type { Keyed } from '../sorting/merge-runs.js';

/** The input row that a change is about. */
export type DiffRow = Pick<Change, 'id' | 'line' | 'input'>;

/** What one run has of a target, or of one item of a target. */
export interface DiffRecord {
  readonly target: string;
  /** The parts of the item's key. Null for the target itself, which comes before its items. */
  readonly item: readonly (string | null)[] | null;
  /** The row that asked for the target. */
  readonly row: DiffRow;
  /** False if the row failed, was skipped or has only some of its items. */
  readonly known: boolean;
  /** The values of the compared fields, in order. A field without a value is null. */
  readonly values: readonly unknown[] | null;
}

type Rest = [known: 0 | 1, values: DiffRecord['values'], row: DiffRow];

/**
 * A record as a line of a sorted file: its key, a tab, and the rest. The key of a target is `["a.com",""]`, that of an item
 * `["a.com","+[\"id\"]"]`. Lines sort as their keys do, because no key is the prefix of another one: a target, its items, the
 * next target. Both sides have the same order.
 */
export function encodeRecord({ target, item, row, known, values }: DiffRecord): string {
  const rest: Rest = [known ? 1 : 0, values, row];
  return `${JSON.stringify([target, item === null ? '' : `+${JSON.stringify(item)}`])}\t${JSON.stringify(rest)}`;
}

/** The prefix of the keys of a target's items (items: ''), or the target's own key (items: null). */
export function keyStart(target: string, items: '' | null): string {
  const own = JSON.stringify([target, '']);
  return items === null ? own : `${own.slice(0, -2)}+`;
}

export function decodeRecord({ key, line }: Keyed): DiffRecord {
  const [target, item]: [string, string] = JSON.parse(key);
  const [known, values, row]: Rest = JSON.parse(line.slice(key.length + 1));
  return { target, item: item === '' ? null : JSON.parse(item.slice(1)), row, known: known === 1, values };
}
