import type { Change } from '@linkhaul/schemas';
import type { Merged } from '../sorting/merge-runs.js';
import type { Comparison } from './compare.js';
import { type DiffRecord, decodeRecord, keyStart } from './record.js';

/** Two runs, each sorted by target and item. */
interface Sides {
  readonly before: Merged;
  readonly after: Merged;
}

/** A change, and whether both runs asked for the target: only then are its numbers compared. */
export interface Compared {
  readonly change: Change;
  readonly isInBoth: boolean;
}

/** Every change between the runs: of targets, or of items if the endpoint gives lists. Each side is read once. */
export async function* joinSides(sides: Sides, comparison: Comparison): AsyncGenerator<Compared> {
  for (let target = firstTarget(sides); target !== null; target = firstTarget(sides)) {
    const start = keyStart(target, null);
    const old = await takeAt(sides.before, start);
    const now = await takeAt(sides.after, start);
    const whole = comparison.ofTarget(old, now);
    const isInBoth = old !== null && now !== null;
    if (whole !== null) yield { change: whole, isInBoth };
    // Items are compared if both rows are known, or if the row is new.
    const isCompared = now?.known === true && old?.known !== false;
    for await (const [left, right] of itemsOf(sides, keyStart(target, ''))) {
      const change = isCompared ? comparison.ofItem(now.row, left, right) : null;
      if (change !== null) yield { change, isInBoth };
    }
  }
}

type Pair = readonly [old: DiffRecord | null, now: DiffRecord | null];

/** The items of one target, each with the same item of the other run. */
async function* itemsOf({ before, after }: Sides, start: string): AsyncGenerator<Pair> {
  for (;;) {
    const left = keyAt(before, start);
    const right = keyAt(after, start);
    const key = left === null || (right !== null && right < left) ? right : left;
    if (key === null) return;
    yield [await takeAt(before, key), await takeAt(after, key)];
  }
}

function firstTarget({ before, after }: Sides): string | null {
  const [left, right] = [before.head, after.head];
  const first = left === null || (right !== null && right.key < left.key) ? after : before;
  return first.head === null ? null : decodeRecord(first.head).target;
}

/** The next key, if it has this prefix. */
function keyAt({ head }: Merged, start: string): string | null {
  return head?.key.startsWith(start) ? head.key : null;
}

/** The next record, if its key has this prefix. */
async function takeAt(side: Merged, start: string): Promise<DiffRecord | null> {
  const { head } = side;
  if (head === null || keyAt(side, start) === null) return null;
  const record = decodeRecord(head);
  const waiting = side.advance();
  if (waiting !== undefined) await waiting;
  return record;
}
