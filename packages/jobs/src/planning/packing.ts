import { createShelf, type Piece, type Shelf } from './shelf.js';

/** How much one call may hold. `domains` null: no such cap. */
export interface CallCaps {
  readonly targets: number;
  readonly domains: number | null;
}

/**
 * Packs groups (the targets of one registrable domain each) into few calls: at most `targets` members and at most
 * `domains` groups a call; a group may be spread over calls. Gives each call as its pieces, one after the other, in O(n log n).
 *
 * Pieces, none larger than a call, stand in order of size. Each call takes a window of as many neighbours as it may
 * hold, as far towards the large end as it must be to fill the call; the last one is cut, and what is left of it stands
 * among the others again. So each call is full both ways, until only small pieces are left, and every call but the
 * last holds the most groups, or only large ones, and every call but the last is full. A call cuts one piece: there are
 * at most 1 / (domains - 1) more calls than the counts of targets and pieces ask for, and one.
 */
export function* packGroups(sizes: readonly number[], caps: CallCaps): Generator<Piece[]> {
  if (caps.domains === null) return yield* packInOrder(sizes, caps.targets);
  const shelf = createShelf(caps.targets);
  // Of equal pieces the shelf gives the last first: put in reverse, they come in order.
  for (let group = sizes.length - 1; group >= 0; group--) {
    const size = sizes[group] ?? 0;
    for (let from = 0; from < size; from += caps.targets) {
      shelf.put({ group, from, to: Math.min(size, from + caps.targets) });
    }
  }
  while (shelf.count > 0) yield takeCall(shelf, { targets: caps.targets, domains: caps.domains });
}

/** Without a cap on domains every call but the last is full. */
function* packInOrder(sizes: readonly number[], targets: number): Generator<Piece[]> {
  let call: Piece[] = [];
  let room = targets;
  for (const [group, size] of sizes.entries()) {
    for (let from = 0; from < size; ) {
      const to = Math.min(size, from + room);
      call.push({ group, from, to });
      room -= to - from;
      from = to;
      if (room === 0) {
        yield call;
        call = [];
        room = targets;
      }
    }
  }
  if (call.length > 0) yield call;
}

function takeCall(shelf: Shelf, caps: { targets: number; domains: number }): Piece[] {
  const start = windowStart(shelf, caps);
  const call: Piece[] = [];
  let room = caps.targets;
  while (room > 0 && call.length < caps.domains) {
    const piece = shelf.takeAt(start);
    if (piece === undefined) break;
    const cut = Math.min(piece.to, piece.from + room);
    call.push({ ...piece, to: cut });
    if (cut < piece.to) shelf.put({ ...piece, from: cut });
    room -= cut - piece.from;
  }
  return call.sort((a, b) => a.group - b.group || a.from - b.from);
}

/** The first rank from which a window fills the call; else that of the largest pieces. */
function windowStart(shelf: Shelf, { targets, domains }: { targets: number; domains: number }): number {
  let low = 0;
  let high = Math.max(0, shelf.count - domains);
  while (low < high) {
    const middle = (low + high) >> 1;
    const held = shelf.sumOfSmallest(middle + domains) - shelf.sumOfSmallest(middle);
    if (held >= targets) high = middle;
    else low = middle + 1;
  }
  return low;
}
