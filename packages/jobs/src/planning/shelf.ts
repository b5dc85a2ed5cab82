import { createSizeIndex } from './size-index.js';

/** Pieces ordered by size, as packing takes them. Every step takes the logarithm of the largest size. */
export interface Shelf {
  readonly count: number;
  /** Of a piece on the shelf, or just taken from it. */
  sizeOf(piece: number): number;
  /** The piece at a rank by size, from 0 to below `count`. */
  at(rank: number): number;
  take(piece: number): void;
  /** Puts back what is left of a taken piece once `size` of it are used, and says which piece that is. */
  putRest(piece: number, size: number): number;
  /** The sum of the `some` smallest sizes, or of all. */
  sumOfSmallest(some: number): number;
}

/**
 * A shelf of pieces 0, 1, 2, … with sizes from 1 to `largest`; `putRest` changes `sizes`. Pieces of equal size come in
 * order, but the rest of a cut piece before all others.
 */
export function createShelf(sizes: Int32Array, largest: number): Shelf {
  const index = createSizeIndex(largest);
  // Of each size a list, linked both ways; 0 ends the list, so that a piece stands in it as piece + 1.
  const first = new Int32Array(largest + 1);
  const next = new Int32Array(sizes.length + 1);
  const before = new Int32Array(sizes.length + 1);
  const sizeOf = (piece: number) => sizes[piece] ?? 0;

  const put = (piece: number) => {
    const size = sizeOf(piece);
    const follower = first[size] ?? 0;
    next[piece + 1] = follower;
    before[piece + 1] = 0;
    before[follower] = piece + 1;
    first[size] = piece + 1;
    index.change(size, 1);
  };
  for (let piece = sizes.length - 1; piece >= 0; piece--) put(piece);
  return {
    get count() {
      return index.count;
    },
    sizeOf,
    at: (rank) => (first[index.sizeAt(rank)] ?? 0) - 1,
    take(piece) {
      const [follower, leader] = [next[piece + 1] ?? 0, before[piece + 1] ?? 0];
      before[follower] = leader;
      if (leader === 0) first[sizeOf(piece)] = follower;
      else next[leader] = follower;
      index.change(sizeOf(piece), -1);
    },
    putRest(piece, size) {
      sizes[piece] = sizeOf(piece) - size;
      put(piece);
      return piece;
    },
    sumOfSmallest: index.sumOfSmallest,
  };
}

/** A shelf for counting calls: a piece is known by its size alone, so that ten million pieces take no memory. */
export function createShelfOfSizes(largest: number): Shelf & { put(size: number, pieces: number): void } {
  const index = createSizeIndex(largest);
  const ofSize = new Int32Array(largest + 1);
  // The ranks of the size that was found last, and how many of it were taken since: the index learns that at once.
  let [size, from, to, taken] = [0, 0, 0, 0];

  const put = (piece: number, pieces: number) => {
    index.change(piece, pieces);
    ofSize[piece] = (ofSize[piece] ?? 0) + pieces;
  };
  const settle = () => {
    if (taken > 0) put(size, -taken);
    [size, from, to, taken] = [0, 0, 0, 0];
  };
  return {
    get count() {
      return index.count - taken;
    },
    sizeOf: (piece) => piece,
    at(rank) {
      if (rank >= from && rank < to) return size;
      settle();
      size = index.sizeAt(rank);
      from = index.countBelow(size);
      to = from + (ofSize[size] ?? 0);
      return size;
    },
    put,
    take(piece) {
      if (piece !== size) {
        settle();
        put(piece, -1);
        return;
      }
      taken++;
      to--;
    },
    putRest(piece, used) {
      settle();
      put(piece - used, 1);
      return piece - used;
    },
    sumOfSmallest(some) {
      settle();
      return index.sumOfSmallest(some);
    },
  };
}
