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
 * Packs pieces into few calls, cutting some of them; gives each call as its stretches. O(n log n) for n pieces that
 * stand alone, and a factor of the cap on domains more where families are at work.
 *
 * C: most targets of a call, D: most pieces, at least 2. T: targets in all, P: pieces in all. ℓ: most pieces of a family,
 * 1 where each stands alone. Then the calls are at most
 *
 *     max(ceil(T / C), ceil(P / (D - 1))) + ℓ - 1
 *
 * and thereby at most D / (D - 1) × max(ceil(T / C), ceil(P / D)) + ℓ, because ceil(P / (D - 1)) < P / (D - 1) + 1.
 *
 * Proof. Call *low* the sizes of the families' smallest pieces, *high* those of their largest, n the families that have
 * pieces left, d = min(D, n). A call is full when it holds C targets; a cut leaves the number of pieces as it is, the
 * rest being one again. A call is made in the first of these ways that can be gone:
 *
 *  1. The d smallest of low hold C: they are taken, smallest first, until the call is full; only the last is cut.
 *  2. Some d neighbours in low hold C: the first such window is taken. Without its last piece it holds no more than the
 *     window before it without its first, which is less than C: so d pieces are touched, and d - 1 at least used up.
 *  3. Otherwise the d largest of low are changed, one piece for another, into the d largest of high. The first change
 *     after which they hold C ends it: the piece that came is cut, the d - 1 others held less than C without it and are
 *     used up.
 *  4. The d largest of high hold less than C: they are taken whole. The call is not full.
 *
 * (a) After a call of way 4 all are: pieces only get fewer and smaller, so that the d largest of high never hold C again.
 * (b) Let a call of way 1 be full with fewer than D pieces while n >= D. Then any D - 1 of low hold C. From now on the piece that
 *     was cut last is taken first. Each call then uses up the rest of the one before and leaves at most one, and but
 *     for that family no smallest piece is smaller than it was: any D - 1 of the others hold C still. So
 *     while n >= D, way 1 stays open, and calls are full. Where n < D, n stays so.
 * (c) A call that is not full while n < D uses up the largest piece of every family. By (a) all later ones do so, too: there
 *     are E <= ℓ of them.
 *
 * If no call with n >= D is of way 4, all but E calls are full: C (calls - E) + E <= T, so calls <= ceil(T / C) + E - 1
 * where E >= 1, and calls <= T / C where E = 0. If one is, then by (a) and (b) none with n >= D before or after it is full with fewer
 * than D pieces; nor is any with n < D, by (a), other than the E. So all but those use up D - 1 pieces at least:
 * (D - 1) (calls - E) + E <= P, and calls <= ceil(P / (D - 1)) + E - 1, or <= P / (D - 1) where E = 0.
 */
export async function* packPieces(pieces: Pieces, caps: CallCaps, endSlice: EndSlice): AsyncGenerator<Stretch[]> {
  const stock = createStock(pieces, await createFamilies(pieces, endSlice), caps);
  // Of equal ones a shelf gives the last first: put in reverse, they come in order.
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
  /** Onto both shelves, where it has pieces left; off both. */
  put(family: number): void;
  take(family: number): void;
  /** Uses up so much of a piece of a family that is off the shelves; whether something is left of it. */
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

/** The pieces of the next call, their families off the shelves. All are taken whole but the last, which fills the call. */
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

/** Way 1. */
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

/** Way 2; and way 4, where low and high are the same. */
function takeWindow({ low, families, take }: Stock, start: number, most: number): number[] {
  return Array.from({ length: most }, () => {
    const family = low.at(start);
    take(family);
    return families.smallest(family);
  });
}

/** Ways 3 and 4: largest by largest, high takes the place of low. */
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
