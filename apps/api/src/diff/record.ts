import type { Change } from '@linkhaul/schemas';
import type { Keyed } from '../sorting/merge-runs.js';

/** The input row that a change is about. */
export type DiffRow = Pick<Change, 'id' | 'line' | 'input'>;

/** What one run says of a target, or of one item of it. */
export interface DiffRecord {
  readonly target: string;
  /** Null: the target itself, which comes before its items. */
  readonly item: string | null;
  /** The row that asked for the target. */
  readonly row: DiffRow;
  /** False where the row failed, was skipped or has only some of its items. */
  readonly known: boolean;
  /** The compared fields in their order; null where there is nothing. */
  readonly values: readonly unknown[] | null;
}

type Rest = [known: 0 | 1, values: DiffRecord['values'], row: DiffRow];

/**
 * A record as a line of a run: its key, a tab, and the rest. The order of lines is that of keys, for no key begins with another. A target comes before its items, and they before
 * the next target; the order means nothing more, and is the same for both sides.
 */
export function encodeRecord({ target, item, row, known, values }: DiffRecord): string {
  const rest: Rest = [known ? 1 : 0, values, row];
  return `${JSON.stringify([target, item === null ? '' : `+${item}`])}\t${JSON.stringify(rest)}`;
}

/** How the keys of a target's items begin (with ''), or the target's own is (with null). */
export function keyStart(target: string, items: '' | null): string {
  const own = JSON.stringify([target, '']);
  return items === null ? own : `${own.slice(0, -2)}+`;
}

export function decodeRecord({ key, line }: Keyed): DiffRecord {
  const [target, item]: [string, string] = JSON.parse(key);
  const [known, values, row]: Rest = JSON.parse(line.slice(key.length + 1));
  return { target, item: item === '' ? null : item.slice(1), row, known: known === 1, values };
}
