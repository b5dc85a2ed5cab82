import { createTurns } from './turns.js';

/** What one call may hold: targets, and registrable domains. */
interface Caps {
  readonly targets: number;
  readonly domains: number;
}

/**
 * How many calls `packGroups` makes of groups of these sizes: the same steps over nothing but the number of pieces of
 * each size, so that ten million groups take no memory, and some hundred milliseconds in slices.
 */
export async function countCalls(sizes: Iterable<number>, caps: Caps): Promise<number> {
  const turn = createTurns();
  const pieces = createPieces(caps.targets);
  for (const size of sizes) {
    if (size >= caps.targets) pieces.change(caps.targets, Math.floor(size / caps.targets));
    if (size % caps.targets > 0) pieces.change(size % caps.targets, 1);
    const due = turn();
    if (due) await due;
  }
  let calls = 0;
  for (; pieces.count > 0; calls++) {
    takeCall(pieces, caps);
    const due = turn();
    if (due) await due;
  }
  return calls;
}

type Pieces = ReturnType<typeof createPieces>;

function takeCall(pieces: Pieces, { targets, domains }: Caps): void {
  const start = windowStart(pieces, { targets, domains });
  let room = targets;
  let left = domains;
  while (room > 0 && left > 0 && pieces.count > start) {
    const { size, from } = pieces.at(start);
    const there = from + pieces.ofSize(size) - start;
    const whole = Math.min(there, left, Math.floor(room / size));
    pieces.change(size, -Math.max(whole, 1));
    if (whole === 0) pieces.change(size - room, 1);
    room = whole === 0 ? 0 : room - whole * size;
    left -= whole;
  }
}

/** The first rank from which a window fills the call; else that of the largest pieces. */
function windowStart(pieces: Pieces, { targets, domains }: Caps): number {
  let low = 0;
  let high = Math.max(0, pieces.count - domains);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pieces.sumOfSmallest(middle + domains) - pieces.sumOfSmallest(middle) >= targets) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Numbers of pieces by size, of a size that is bounded. Every step takes the logarithm of the largest size. */
function createPieces(largest: number) {
  const ofSize = new Int32Array(largest + 1);
  // Fenwick trees over the sizes: a place counts, and sums up, the pieces of the sizes that end at it.
  const counts = new Int32Array(largest + 1);
  const sums = new Float64Array(largest + 1);
  const top = 2 ** Math.floor(Math.log2(largest));
  let count = 0;

  /** The size of the piece at a rank, how many smaller ones there are, and how much is in those. */
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
      const { size, from, sum } = find(rank - 1);
      return sum + (rank - from) * size;
    },
  };
}
