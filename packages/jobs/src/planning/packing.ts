import { createFamilies, type Families } from './families.js';
import type { Pieces } from './pieces.js';
import { createShelf, type Shelf } from './shelf.js';
import { type EndSlice, inSlices } from './slices.js';

/** How much one call may hold. */
export interface CallCaps {
  readonly targets: number;
  readonly domains: number;
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * Packs pieces into few calls, cutting some of them, and yields the stretches of each call. Takes O(n log n) for n
 * pieces, and a factor of `caps.domains` more if pieces have families.
 *
 * For T targets in P pieces, at most C targets and D pieces in a call (D at least 2), and at most ℓ pieces in a family
 * (1 without families), it makes at most max(ceil(T / C), ceil(P / (D - 1))) + ℓ - 1 calls: either all of them but ℓ - 1
 * are full, or all but ℓ - 1 use up D - 1 pieces. docs/packing.md has the four ways in which a call is made, and the
 * proof.
 */
export async function* packPieces(pieces: Pieces, caps: CallCaps, endSlice: EndSlice): AsyncGenerator<Stretch[]> {
  const stock = createStock(pieces, await createFamilies(pieces, endSlice), caps);
  // Of families with the same size a shelf gives the one that was put last. Put in reverse, they come in order.
  const last = stock.families.count - 1;
  await inSlices(stock.families.count, endSlice, (index) => stock.put(last - index));
  const state = { isDense: false, rest: -1 };
  while (stock.low.count > 0) {
    const chosen = choose(stock, caps, state);
    const call: Stretch[] = [];
    let room = caps.targets;
    state.rest = -1;
    for (const piece of chosen) {
      const from = pieces.starts[piece] ?? 0;
      const size = Math.min(room, stock.sizeOf(piece));
      call.push({ from, to: from + size });
      room -= size;
      if (stock.cut(piece, size)) state.rest = stock.families.familyOf(piece);
    }
    for (const piece of chosen) stock.put(stock.families.familyOf(piece));
    yield call;
    const due = endSlice();
    if (due) await due;
  }
}

interface Stock {
  readonly families: Families;
  /** Families by the size of their smallest piece, and by that of their largest. */
  readonly low: Shelf;
  readonly high: Shelf;
  readonly hasFamilies: boolean;
  sizeOf(piece: number): number;
  sizeInLow(family: number): number;
  sizeInHigh(family: number): number;
  /** Puts a family on both shelves, if it has pieces left. */
  put(family: number): void;
  /** Takes a family off both shelves. */
  take(family: number): void;
  /** Uses up `size` targets of a piece whose family is off the shelves. True if a rest of the piece is left. */
  cut(piece: number, size: number): boolean;
}

function createStock(pieces: Pieces, families: Families, caps: CallCaps): Stock {
  const { starts, sizes } = pieces;
  const low = createShelf(families.count, caps.targets);
  const hasFamilies = pieces.familyOf !== null;
  const high = hasFamilies ? createShelf(families.count, caps.targets) : low;
  const sizeOf = (piece: number) => sizes[piece] ?? 0;
  const sizeInLow = (family: number) => sizeOf(families.smallest(family));
  const sizeInHigh = (family: number) => sizeOf(families.largest(family));
  return {
    families,
    low,
    high,
    hasFamilies,
    sizeOf,
    sizeInLow,
    sizeInHigh,
    put(family) {
      if (families.isEmpty(family)) return;
      low.put(family, sizeInLow(family));
      if (hasFamilies) high.put(family, sizeInHigh(family));
    },
    take(family) {
      low.take(family, sizeInLow(family));
      if (hasFamilies) high.take(family, sizeInHigh(family));
    },
    cut(piece, size) {
      const family = families.familyOf(piece);
      if (size === sizeOf(piece)) {
        families.finish(family, piece);
        return false;
      }
      starts[piece] = (starts[piece] ?? 0) + size;
      sizes[piece] = sizeOf(piece) - size;
      families.shrink(family, piece);
      return true;
    },
  };
}

/** Chooses the pieces of the next call and takes their families off the shelves. Only the last piece may be cut. */
function choose(stock: Stock, caps: CallCaps, state: { isDense: boolean; rest: number }): number[] {
  const { low } = stock;
  const most = Math.min(caps.domains, low.count);
  if (low.sumOfSmallest(most) >= caps.targets) {
    const chosen = takeSmallest(stock, caps, state.isDense ? state.rest : -1);
    state.isDense ||= chosen.length < caps.domains;
    return chosen;
  }
  const start = firstWindow(low, caps.targets, most);
  if (start !== null || !stock.hasFamilies) return takeWindow(stock, start ?? low.count - most, most);
  return climb(stock, caps.targets, most);
}

/** Way 1: the smallest pieces, until the call is full. The rest of the piece that was cut last comes first. */
function takeSmallest({ low, families, take, sizeOf }: Stock, { targets, domains }: CallCaps, rest: number): number[] {
  const chosen: number[] = [];
  for (let held = 0; held < targets && chosen.length < domains && low.count > 0; ) {
    const family = chosen.length === 0 && rest !== -1 ? rest : low.at(0);
    const piece = families.smallest(family);
    take(family);
    chosen.push(piece);
    held += sizeOf(piece);
  }
  return chosen;
}

/** The lowest rank from which `most` neighbours hold a call's targets, where there is one. */
function firstWindow(low: Shelf, targets: number, most: number): number | null {
  const held = (start: number) => low.sumOfSmallest(start + most) - low.sumOfSmallest(start);
  let [from, to] = [0, low.count - most];
  if (held(to) < targets) return null;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (held(middle) >= targets) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** Way 2: the smallest pieces of `most` families from a rank on. Without families also way 4. */
function takeWindow({ low, families, take }: Stock, start: number, most: number): number[] {
  return Array.from({ length: most }, () => {
    const family = low.at(start);
    take(family);
    return families.smallest(family);
  });
}

/** Ways 3 and 4: replaces the smallest pieces of families one by one by the largest pieces, until they fill a call. */
function climb(stock: Stock, targets: number, most: number): number[] {
  const { low, high, families, sizeOf, sizeInLow, sizeInHigh } = stock;
  const smallFirst = takeWindow(
    { ...stock, take: (family) => low.take(family, sizeInLow(family)) },
    low.count - most,
    most,
  );
  const open = new Set(smallFirst.map((piece) => families.familyOf(piece)));
  const leaving = open.values();
  let held = smallFirst.reduce((sum, piece) => sum + sizeOf(piece), 0);
  const chosen: number[] = [];
  while (open.size > 0 && held < targets) {
    const family = high.at(high.count - 1);
    high.take(family, sizeInHigh(family));
    if (open.delete(family)) {
      held -= sizeInLow(family);
    } else {
      low.take(family, sizeInLow(family));
      const left = leaving.next().value ?? family;
      open.delete(left);
      low.put(left, sizeInLow(left));
      held -= sizeInLow(left);
    }
    chosen.push(families.largest(family));
    held += sizeInHigh(family);
  }
  for (const family of open) high.take(family, sizeInHigh(family));
  return [...[...open].map((family) => families.smallest(family)), ...chosen];
}
