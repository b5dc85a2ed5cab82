import type { Shelf } from './shelf.js';

/** How much one call may hold. */
export interface CallCaps {
  readonly targets: number;
  readonly domains: number;
}

/** What a call takes of a piece: all of it, or a number of its targets. */
export interface Share {
  readonly piece: number;
  readonly size: number;
}

/**
 * Packs the pieces of a shelf, each some targets of one domain, into few calls, cutting some of the pieces.
 * O(n log n) for n pieces.
 *
 * C: most targets of a call, D: most pieces, at least 2. T: targets in all, P: pieces in all. Then the calls are at most
 *
 *     max(ceil(T / C), ceil(P / (D - 1)))
 *
 * and thereby at most D / (D - 1) × max(ceil(T / C), ceil(P / D)) + 1, because ceil(P / (D - 1)) < P / (D - 1) + 1.
 *
 * Proof. Let n be the pieces left and d = min(D, n). A call is full when it holds C targets; a cut leaves the number of
 * pieces as it is, since its rest is a piece. A call is made in the first of these ways that is possible:
 *
 *  1. The d smallest pieces hold C: they are taken, smallest first, until the call is full; only the last is cut.
 *  2. Some d neighbours by size hold C: the first such window is taken. Without its last piece it holds no more than the
 *     window before it without its first, which is less than C: so d pieces are touched, and d - 1 at least used up.
 *  3. The d largest hold less than C: they are taken whole. The call is not full.
 *
 * (a) After a call of way 3 all are: pieces only get fewer and smaller, so that the d largest never hold C again.
 * (b) Let a call of way 1 be full with fewer than D pieces while n >= D. Then any D - 1 pieces hold C. From now on the
 *     piece that was cut last is taken first. Each call then uses up the rest of the one before and leaves at most one,
 *     and no other piece is smaller than it was: any D - 1 of the others hold C still. So while n >= D, way 1 stays
 *     possible, and calls are full. Where n < D, n stays so.
 * (c) A call of way 3 while n < D is the last: it uses up all pieces.
 *
 * If no call with n >= D is of way 3, all calls but at most the last are full: calls <= ceil(T / C). If one is, then by
 * (a) and (b) no call with n >= D is full with fewer than D pieces, and by (a) none with n < D is full. So all but at
 * most the last call use up D - 1 pieces at least: calls <= ceil(P / (D - 1)).
 */
export function* packPieces(shelf: Shelf, caps: CallCaps): Generator<Share[]> {
  const state: State = { isDense: false, rest: null };
  while (shelf.count > 0) {
    const chosen = choosePieces(shelf, caps, state);
    state.rest = null;
    let room = caps.targets;
    const call: Share[] = [];
    for (const piece of chosen) {
      const whole = shelf.sizeOf(piece);
      const size = Math.min(room, whole);
      room -= size;
      if (size < whole) state.rest = shelf.putRest(piece, size);
      call.push({ piece, size });
    }
    yield call;
  }
}

interface State {
  /** Case (b) of the proof has come about. */
  isDense: boolean;
  /** What is left of the piece that the last call cut. */
  rest: number | null;
}

/** The pieces of the next call, off the shelf. All are taken whole but the last, which fills the call. */
function choosePieces(shelf: Shelf, caps: CallCaps, state: State): number[] {
  const most = Math.min(caps.domains, shelf.count);
  if (shelf.sumOfSmallest(most) < caps.targets) return takeWindow(shelf, windowStart(shelf, caps.targets, most), most);
  const chosen = takeSmallest(shelf, caps, state.isDense ? state.rest : null);
  state.isDense ||= chosen.length < caps.domains;
  return chosen;
}

/** Way 1. */
function takeSmallest(shelf: Shelf, { targets, domains }: CallCaps, rest: number | null): number[] {
  const chosen: number[] = [];
  for (let held = 0; held < targets && chosen.length < domains && shelf.count > 0; ) {
    const piece = chosen.length === 0 && rest !== null ? rest : shelf.at(0);
    shelf.take(piece);
    chosen.push(piece);
    held += shelf.sizeOf(piece);
  }
  return chosen;
}

/** Way 2: the lowest rank from which a number of neighbours hold a call's targets. Way 3: the rank of the largest ones. */
function windowStart(shelf: Shelf, targets: number, most: number): number {
  let [from, to] = [0, shelf.count - most];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (shelf.sumOfSmallest(middle + most) - shelf.sumOfSmallest(middle) >= targets) to = middle;
    else from = middle + 1;
  }
  return from;
}

function takeWindow(shelf: Shelf, start: number, most: number): number[] {
  return Array.from({ length: most }, () => {
    const piece = shelf.at(start);
    shelf.take(piece);
    return piece;
  });
}
