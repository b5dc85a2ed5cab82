/** A run of a group's members, by their positions in the group. */
export interface Piece {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

function sizeOf(piece: Piece): number {
  return piece.to - piece.from;
}

/** Pieces ordered by size, of a size that is bounded. Every step takes the logarithm of the largest size. */
export interface Shelf {
  readonly count: number;
  put(piece: Piece): void;
  /** Takes out the piece before which so many smaller ones stand; of equal ones, that which was put last. */
  takeAt(rank: number): Piece | undefined;
  /** What the smallest so many pieces hold together. */
  sumOfSmallest(pieces: number): number;
}

export function createShelf(largest: number): Shelf {
  const bySize: Piece[][] = Array.from({ length: largest + 1 }, () => []);
  // Fenwick trees over the sizes: a place counts, and sums up, the pieces of the sizes that end at it.
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
  /** The size of the piece at a rank, and how many smaller ones there are, with how much in them. */
  const find = (rank: number) => {
    let smaller = 0;
    let before = 0;
    let sum = 0;
    for (let step = top; step >= 1; step /= 2) {
      const at = smaller + step;
      if (at > largest || before + (counts[at] ?? 0) > rank) continue;
      smaller = at;
      before += counts[at] ?? 0;
      sum += sums[at] ?? 0;
    }
    return { size: smaller + 1, before, sum };
  };
  return {
    get count() {
      return count;
    },
    put(piece) {
      bySize[sizeOf(piece)]?.push(piece);
      change(sizeOf(piece), 1);
    },
    takeAt(rank) {
      if (rank >= count) return undefined;
      const { size } = find(rank);
      change(size, -1);
      return bySize[size]?.pop();
    },
    sumOfSmallest(pieces) {
      const { size, before, sum } = find(Math.min(pieces, count) - 1);
      return sum + (Math.min(pieces, count) - before) * size;
    },
  };
}
