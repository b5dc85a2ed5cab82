/** How many pieces there are of each size, by rank and by sum. */
export interface SizeIndex {
  readonly count: number;
  /** Adds a number of pieces of a size, or takes them out. */
  change(size: number, by: number): void;
  /** The size of the piece at a rank by size, from 0 to below `count`. */
  sizeAt(rank: number): number;
  /** How many pieces are smaller than a size. */
  countBelow(size: number): number;
  /** The sum of the `some` smallest sizes, or of all. */
  sumOfSmallest(some: number): number;
}

/** Two Fenwick trees over the sizes from 1 to `largest`: a place counts, and sums up, the pieces of the sizes that end at it. */
export function createSizeIndex(largest: number): SizeIndex {
  const counts = new Int32Array(largest + 1);
  const sums = new Float64Array(largest + 1);
  const top = 2 ** Math.floor(Math.log2(largest));
  let count = 0;

  // One object for all look-ups: a new one for each is a third of the time.
  const below = { size: 0, count: 0, sum: 0 };
  /** The sizes below that at a rank: the largest of them, how many pieces they have, and their sum. */
  const find = (rank: number) => {
    below.size = 0;
    below.count = 0;
    below.sum = 0;
    for (let step = top; step >= 1; step /= 2) {
      const at = below.size + step;
      if (at > largest || below.count + (counts[at] ?? 0) > rank) continue;
      below.size = at;
      below.count += counts[at] ?? 0;
      below.sum += sums[at] ?? 0;
    }
    return below;
  };
  return {
    get count() {
      return count;
    },
    change(size, by) {
      count += by;
      for (let at = size; at <= largest; at += at & -at) {
        counts[at] = (counts[at] ?? 0) + by;
        sums[at] = (sums[at] ?? 0) + by * size;
      }
    },
    sizeAt: (rank) => find(rank).size + 1,
    countBelow(size) {
      let below = 0;
      for (let at = size - 1; at > 0; at -= at & -at) below += counts[at] ?? 0;
      return below;
    },
    sumOfSmallest(some) {
      const most = Math.min(some, count);
      if (most === 0) return 0;
      const { size, count: smaller, sum } = find(most - 1);
      return sum + (most - smaller) * (size + 1);
    },
  };
}
