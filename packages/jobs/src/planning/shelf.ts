/**
 * Numbers ordered by the size with which each was put. The time of each step grows with the logarithm of the largest
 * size.
 */
export interface Shelf {
  readonly count: number;
  /** Puts a number that is not on the shelf, with a size from 1 to the largest. */
  put(number: number, size: number): void;
  /** Takes out a number. `size`: the size with which it was put. */
  take(number: number, size: number): void;
  /**
   * The number at a rank by size, from 0 to below `count`. Of several with the same size, the one put last comes first.
   */
  at(rank: number): number;
  /** The sum of the `some` smallest sizes, or of all if there are fewer. */
  sumOfSmallest(some: number): number;
}

/** For numbers below `capacity`. */
export function createShelf(capacity: number, largest: number): Shelf {
  // A doubly linked list for each size. It holds numbers plus one; 0 ends it.
  const first = new Int32Array(largest + 1);
  const next = new Int32Array(capacity + 1);
  const before = new Int32Array(capacity + 1);
  // Fenwick trees over the sizes. Each node holds the count, and the sum, of the sizes that end at it.
  const counts = new Int32Array(largest + 1);
  const sums = new Float64Array(largest + 1);
  const top = 2 ** Math.floor(Math.log2(largest));
  let count = 0;

  const change = (size: number, by: 1 | -1) => {
    count += by;
    for (let at = size; at <= largest; at += at & -at) {
      counts[at] = (counts[at] ?? 0) + by;
      sums[at] = (sums[at] ?? 0) + by * size;
    }
  };
  /** The sizes below the one at a rank: the largest of them, how many there are, and their sum. */
  const below = { size: 0, count: 0, sum: 0 };
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
  };
  return {
    get count() {
      return count;
    },
    put(number, size) {
      const follower = first[size] ?? 0;
      next[number + 1] = follower;
      before[number + 1] = 0;
      before[follower] = number + 1;
      first[size] = number + 1;
      change(size, 1);
    },
    take(number, size) {
      const [follower, leader] = [next[number + 1] ?? 0, before[number + 1] ?? 0];
      before[follower] = leader;
      if (leader === 0) first[size] = follower;
      else next[leader] = follower;
      change(size, -1);
    },
    at(rank) {
      find(rank);
      return (first[below.size + 1] ?? 0) - 1;
    },
    sumOfSmallest(some) {
      const most = Math.min(some, count);
      if (most === 0) return 0;
      find(most - 1);
      return below.sum + (most - below.count) * (below.size + 1);
    },
  };
}
