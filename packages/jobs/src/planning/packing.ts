/** How much one call may hold. `domains` null: no such cap. */
export interface CallCaps {
  readonly targets: number;
  readonly domains: number | null;
}

/** A run of a group's members, by their positions in the group. */
interface Piece {
  readonly group: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Packs groups (the targets of one registrable domain each) into few calls: at most `targets` members and at most
 * `domains` groups a call; a group may be spread over calls. Gives each call as its pieces, in O(n log n).
 *
 * Groups are cut into whole calls and a rest. The rests are sorted by size, and each call takes a window of as many
 * neighbours as it may hold, as far towards the large end as it must be to fill the call; the last one is cut, and what
 * is left of it opens the next call. So every call but the last is full in targets, or holds the most groups.
 */
export function packGroups(sizes: readonly number[], caps: CallCaps): Piece[][] {
  const calls: Piece[][] = [];
  if (caps.domains === null) return packInOrder(sizes, caps.targets);
  const rests: Piece[] = [];
  sizes.forEach((size, group) => {
    let from = 0;
    for (; size - from >= caps.targets; from += caps.targets) calls.push([{ group, from, to: from + caps.targets }]);
    if (from < size) rests.push({ group, from, to: size });
  });
  rests.sort((a, b) => sizeOf(a) - sizeOf(b) || a.group - b.group);
  for (const call of packRests(rests, { targets: caps.targets, domains: caps.domains })) calls.push(call);
  return calls;
}

/** Without a cap on domains every call but the last is full. */
function packInOrder(sizes: readonly number[], targets: number): Piece[][] {
  const calls: Piece[][] = [];
  let call: Piece[] = [];
  let room = targets;
  sizes.forEach((size, group) => {
    for (let from = 0; from < size; ) {
      const to = Math.min(size, from + room);
      call.push({ group, from, to });
      room -= to - from;
      from = to;
      if (room === 0) {
        calls.push(call);
        call = [];
        room = targets;
      }
    }
  });
  if (call.length > 0) calls.push(call);
  return calls;
}

/** Packs pieces that are each smaller than a call, sorted by size. */
function* packRests(sorted: readonly Piece[], caps: { targets: number; domains: number }): Generator<Piece[]> {
  const line = createLine(sorted);
  let carried: Piece | null = null;
  while (carried !== null || !line.isEmpty()) {
    const call: Piece[] = carried === null ? [] : [carried];
    const room: number = caps.targets - (carried === null ? 0 : sizeOf(carried));
    carried = null;
    const window = line.takeWindow({ room, most: caps.domains - call.length });
    let left = room;
    for (const piece of window) {
      const part: number = Math.min(left, sizeOf(piece));
      if (part > 0) call.push({ ...piece, to: piece.from + part });
      if (part < sizeOf(piece)) carried = { ...piece, from: piece.from + part };
      left -= part;
    }
    yield call;
  }
}

/** The sorted pieces that are not packed yet, as a linked list by position, with a place where the last window was. */
function createLine(sorted: readonly Piece[]) {
  const count = sorted.length;
  const next = Int32Array.from({ length: count + 1 }, (_, at) => at + 1);
  const previous = Int32Array.from({ length: count + 1 }, (_, at) => at - 1);
  let first = 0;
  let place = 0;
  const size = (at: number) => sizeOf(sorted[at] ?? { group: 0, from: 0, to: 0 });
  const after = (at: number) => next[at] ?? count;
  const before = (at: number) => previous[at] ?? -1;

  const remove = (at: number) => {
    const left = before(at);
    const right = after(at);
    if (left === -1) first = right;
    else next[left] = right;
    previous[right] = left;
  };

  /** Moves the window towards larger pieces until its pieces fill the room, or there are none larger. */
  const slide = (start: number, { room, most }: { room: number; most: number }) => {
    let from = start;
    let end = start;
    let held = 0;
    let sum = 0;
    while (end < count && sum < room) {
      sum += size(end);
      end = after(end);
      if (++held > most) {
        sum -= size(from);
        from = after(from);
        held--;
      }
    }
    return { from, end };
  };

  return {
    isEmpty: () => first >= count,
    takeWindow(wanted: { room: number; most: number }): Piece[] {
      let start = place;
      for (let back = 0; back < wanted.most && before(start) !== -1; back++) start = before(start);
      if (start >= count) start = first;
      const { from, end } = slide(start, wanted);
      const taken: Piece[] = [];
      for (let at = from; at < end; at = after(at)) {
        const piece = sorted[at];
        if (piece !== undefined) taken.push(piece);
        remove(at);
      }
      place = end;
      return taken;
    },
  };
}

function sizeOf(piece: Piece): number {
  return piece.to - piece.from;
}
