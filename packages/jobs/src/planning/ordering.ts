import { type EndSlice, inSlices } from './slices.js';

/**
 * Positions grouped by their number, in order within a group. Those with number n are from starts[n] to starts[n + 1].
 */
export interface Ordering {
  readonly positions: Int32Array;
  readonly starts: Int32Array;
}

/** A counting sort: `numbers` are from 0 to below `count`. */
export async function orderBy(numbers: Int32Array, count: number, endSlice: EndSlice): Promise<Ordering> {
  const starts = new Int32Array(count + 1);
  await inSlices(numbers.length, endSlice, (position) => increase(starts, (numbers[position] ?? 0) + 1, 1));
  await inSlices(count, endSlice, (number) => increase(starts, number + 1, starts[number] ?? 0));
  const ends = starts.slice();
  const positions = new Int32Array(numbers.length);
  await inSlices(numbers.length, endSlice, (position) => {
    positions[increase(ends, numbers[position] ?? 0, 1)] = position;
  });
  return { positions, starts };
}

/** Returns the value from before. */
export function increase(numbers: Int32Array, at: number, by: number): number {
  const before = numbers[at] ?? 0;
  numbers[at] = before + by;
  return before;
}
