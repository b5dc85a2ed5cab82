import { increase, orderBy } from './ordering.js';
import type { Pieces } from './pieces.js';
import { type EndSlice, inSlices } from './slices.js';

/** Families of pieces, with the smallest and the largest remaining piece of each. A call holds at most one of a family. */
export interface Families {
  readonly count: number;
  isEmpty(family: number): boolean;
  smallest(family: number): number;
  largest(family: number): number;
  /** Takes out the smallest or the largest piece. */
  finish(family: number, piece: number): void;
  /** The smallest or the largest piece has become smaller. */
  shrink(family: number, piece: number): void;
  familyOf(piece: number): number;
}

export async function createFamilies(pieces: Pieces, endSlice: EndSlice): Promise<Families> {
  if (pieces.familyOf === null) return eachAlone(pieces.count);
  const { positions: sorted, starts } = await orderBy(pieces.familyOf, pieces.families, endSlice);
  const families = inFamilies({ ...pieces, familyOf: pieces.familyOf }, { sorted, first: starts });
  await inSlices(pieces.families, endSlice, families.sort);
  return families;
}

/** Every piece is a family of its own. */
function eachAlone(count: number): Families {
  const finished = new Uint8Array(count);
  return {
    count,
    isEmpty: (family) => finished[family] === 1,
    smallest: (family) => family,
    largest: (family) => family,
    finish: (family) => {
      finished[family] = 1;
    },
    shrink: () => undefined,
    familyOf: (piece) => piece,
  };
}

interface SortedPieces {
  /** The pieces of one family after the other, by size within a family. Pieces are taken out at either end. */
  readonly sorted: Int32Array;
  /** Where each family begins. */
  readonly first: Int32Array;
}

function inFamilies({ families, familyOf, sizes }: Pieces & { familyOf: Int32Array }, { sorted, first }: SortedPieces) {
  const end = first.slice(1);
  const sizeOf = (piece: number) => sizes[piece] ?? 0;
  const smallest = (family: number) => sorted[first[family] ?? 0] ?? 0;
  return {
    count: families,
    isEmpty: (family: number) => first[family] === end[family],
    smallest,
    largest: (family: number) => sorted[(end[family] ?? 0) - 1] ?? 0,
    sort(family: number) {
      const [from, to] = [first[family] ?? 0, end[family] ?? 0];
      if (to - from > 1) sorted.subarray(from, to).sort((a, b) => sizeOf(a) - sizeOf(b) || b - a);
    },
    finish(family: number, piece: number) {
      if (smallest(family) === piece) increase(first, family, 1);
      else increase(end, family, -1);
    },
    shrink(family: number, piece: number) {
      const from = first[family] ?? 0;
      let at = smallest(family) === piece ? from : (end[family] ?? 0) - 1;
      for (; at > from && sizeOf(sorted[at - 1] ?? 0) > sizeOf(piece); at--) sorted[at] = sorted[at - 1] ?? 0;
      sorted[at] = piece;
    },
    familyOf: (piece: number) => familyOf[piece] ?? 0,
  };
}
