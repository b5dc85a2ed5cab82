import { increase, orderBy } from './ordering.js';
import type { Pieces } from './pieces.js';
import { type EndSlice, inSlices } from './slices.js';

/**
 * Families of pieces, of which a call holds at most one piece each, with the smallest and the largest piece of each
 * that is left.
 */
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
  const { positions: stretch, starts } = await orderBy(pieces.familyOf, pieces.families, endSlice);
  const families = inFamilies({ ...pieces, familyOf: pieces.familyOf }, { stretch, first: starts });
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

interface Stretches {
  /** The pieces of each family, by size. Pieces are taken out at either end. */
  readonly stretch: Int32Array;
  readonly first: Int32Array;
}

function inFamilies({ families, familyOf, sizes }: Pieces & { familyOf: Int32Array }, { stretch, first }: Stretches) {
  const end = first.slice(1);
  const sizeOf = (piece: number) => sizes[piece] ?? 0;
  const smallest = (family: number) => stretch[first[family] ?? 0] ?? 0;
  return {
    count: families,
    isEmpty: (family: number) => first[family] === end[family],
    smallest,
    largest: (family: number) => stretch[(end[family] ?? 0) - 1] ?? 0,
    sort(family: number) {
      const [from, to] = [first[family] ?? 0, end[family] ?? 0];
      if (to - from > 1) stretch.subarray(from, to).sort((a, b) => sizeOf(a) - sizeOf(b) || b - a);
    },
    finish(family: number, piece: number) {
      if (smallest(family) === piece) increase(first, family, 1);
      else increase(end, family, -1);
    },
    shrink(family: number, piece: number) {
      const from = first[family] ?? 0;
      let at = smallest(family) === piece ? from : (end[family] ?? 0) - 1;
      for (; at > from && sizeOf(stretch[at - 1] ?? 0) > sizeOf(piece); at--) stretch[at] = stretch[at - 1] ?? 0;
      stretch[at] = piece;
    },
    familyOf: (piece: number) => familyOf[piece] ?? 0,
  };
}
