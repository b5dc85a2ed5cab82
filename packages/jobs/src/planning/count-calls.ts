import type { CallCaps } from './packing.js';
import { createSlices } from './slices.js';

export interface CountedCalls {
  readonly calls: number;
  /** The number of targets in the smallest call. The cap if there is no call. */
  readonly smallest: number;
}

/**
 * Counts the calls that `packPieces` would make of pieces without families, cut from layers of these sizes. It takes
 * the same steps, but only over the number of pieces of each size, so that ten million layers take no memory, and some
 * hundred milliseconds in slices.
 */
export async function countCalls(layerSizes: Iterable<number>, caps: CallCaps): Promise<CountedCalls> {
  const endSlice = createSlices();
  const ofSize = new Int32Array(caps.targets + 1);
  for (const size of layerSizes) {
    if (size >= caps.targets) ofSize[caps.targets] = (ofSize[caps.targets] ?? 0) + Math.floor(size / caps.targets);
    const rest = size % caps.targets;
    ofSize[rest] = (ofSize[rest] ?? 0) + 1;
    const due = endSlice();
    if (due) await due;
  }
  const pieces = createPieces(caps.targets);
  for (let size = 1; size <= caps.targets; size++) pieces.change(size, ofSize[size] ?? 0);
  const state = { isDense: false, rest: 0 };
  let [calls, smallest] = [0, caps.targets];
  for (; pieces.count > 0; calls++) {
    smallest = Math.min(smallest, takeCall(pieces, caps, state));
    const due = endSlice();
    if (due) await due;
  }
  return { calls, smallest };
}

type Pieces = ReturnType<typeof createPieces>;

interface State {
  isDense: boolean;
  /** What is left of the piece that the last call cut. 0 if it cut none. */
  rest: number;
}

/** Takes the pieces of the next call. Returns how many targets it holds. */
function takeCall(pieces: Pieces, { targets, domains }: CallCaps, state: State): number {
  const most = Math.min(domains, pieces.count);
  const isEnough = pieces.sumOfSmallest(most) >= targets;
  const start = isEnough ? 0 : windowStart(pieces, targets, most);
  let room = targets;
  let left = most;
  const take = (size: number, some: number) => {
    pieces.change(size, -some);
    room -= some * size;
    left -= some;
  };
  if (isEnough && state.isDense && state.rest > 0) take(state.rest, 1);
  state.rest = 0;
  while (room > 0 && left > 0) {
    const { size, from } = pieces.at(start);
    const available = from + pieces.ofSize(size) - start;
    const whole = Math.min(available, left, Math.floor(room / size));
    if (whole === 0) state.rest = size - room;
    take(size, Math.max(whole, 1));
  }
  if (state.rest > 0) pieces.change(state.rest, 1);
  state.isDense ||= isEnough && most - left < domains;
  return targets - Math.max(room, 0);
}

/**
 * The lowest rank from which `most` neighbours hold a full call of targets. The rank of the largest piece if none do.
 */
function windowStart(pieces: Pieces, targets: number, most: number): number {
  let [from, to] = [0, pieces.count - most];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (pieces.sumOfSmallest(middle + most) - pieces.sumOfSmallest(middle) >= targets) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * Numbers of pieces by size, up to a largest size. The time of each step grows with the logarithm of the largest size.
 */
function createPieces(largest: number) {
  const ofSize = new Int32Array(largest + 1);
  // Fenwick trees over the sizes. Each node holds the count, and the sum, of the sizes that end at it.
  const counts = new Int32Array(largest + 1);
  const sums = new Float64Array(largest + 1);
  const top = 2 ** Math.floor(Math.log2(largest));
  let count = 0;

  /** The size of the piece at a rank, how many smaller ones there are, and the sum of their sizes. */
  const find = (rank: number) => {
    let smaller = 0;
    let from = 0;
    let sum = 0;
    for (let step = top; step >= 1; step /= 2) {
      const at = smaller + step;
      if (at > largest || from + (counts[at] ?? 0) > rank) continue;
      smaller = at;
      from += counts[at] ?? 0;
      sum += sums[at] ?? 0;
    }
    return { size: smaller + 1, from, sum };
  };
  return {
    get count() {
      return count;
    },
    at: find,
    ofSize: (size: number) => ofSize[size] ?? 0,
    change(size: number, by: number) {
      count += by;
      ofSize[size] = (ofSize[size] ?? 0) + by;
      for (let at = size; at <= largest; at += at & -at) {
        counts[at] = (counts[at] ?? 0) + by;
        sums[at] = (sums[at] ?? 0) + by * size;
      }
    },
    sumOfSmallest(pieces: number) {
      const rank = Math.min(pieces, count);
      if (rank === 0) return 0;
      const { size, from, sum } = find(rank - 1);
      return sum + (rank - from) * size;
    },
  };
}
