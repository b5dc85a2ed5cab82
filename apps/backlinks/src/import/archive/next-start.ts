import type { Cursor } from './cursor.js';
import { findStart } from './record-start.js';

/** How many bytes tell whether a record begins. */
export const LONGEST_START = 64;

/** Sees as many bytes as are asked for, unless a boundary comes first. */
export async function see(cursor: Cursor, count: number): Promise<void> {
  while (cursor.seen.length < count && (await cursor.more()));
}

interface Skipped {
  readonly bytes: number;
  /** Whether a record begins behind them. */
  readonly isFound: boolean;
}

/** Hands over what stands before the next start of a record, or before the boundary; at most as many bytes as are asked for. */
export async function toNextStart(
  cursor: Cursor,
  take: (bytes: Buffer) => void,
  most = Number.POSITIVE_INFINITY,
): Promise<Skipped> {
  let bytes = 0;
  const hand = (count: number) => {
    const taken = cursor.seen.subarray(0, Math.min(count, most - bytes));
    take(taken);
    bytes += taken.length;
    cursor.skip(taken.length);
  };
  while (bytes < most) {
    const start = findStart(cursor.seen);
    if (start !== -1) {
      hand(start);
      return { bytes, isFound: bytes < most };
    }
    // A start may lie across two pieces.
    hand(Math.max(0, cursor.seen.length - LONGEST_START));
    if (!(await cursor.more())) break;
  }
  hand(cursor.seen.length);
  return { bytes, isFound: false };
}
