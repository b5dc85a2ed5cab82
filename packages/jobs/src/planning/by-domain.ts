import { cutIntoPieces } from './layers.js';
import type { Ordering } from './ordering.js';
import { type CallCaps, packPieces } from './packing.js';
import { createShelf } from './shelf.js';
import type { TargetList } from './target-list.js';
import type { Turn } from './turns.js';

/**
 * Packs targets into few calls where a call has a cap on domains. A target whose match key its call has already is put
 * off: the targets put off are packed in the same way behind the others, until none is left.
 *
 * T0: all targets, T1: those whose key came before, T2: those whose key came twice before, and so on. The calls are at
 * most the sum of the bounds of `packPieces` for T0, T1, …, because a call keeps one target of each key that it has: of a
 * key with b targets at most b - 1 are put off, so no layer of those is larger than the one after it among all targets.
 * For T1 it is nearly always one call: the first target with a key and the second are in pieces that seldom meet.
 */
export async function packByDomain(list: TargetList, caps: CallCaps, turn: Turn): Promise<Ordering> {
  const calls = { positions: new Int32Array(list.count), starts: [0] };
  let left = Int32Array.from({ length: list.count }, (_, position) => position);
  while (left.length > 0) left = await packOnce(left, { list, caps, calls }, turn);
  return { positions: calls.positions, starts: Int32Array.from(calls.starts) };
}

interface Packing {
  readonly list: TargetList;
  readonly caps: CallCaps;
  /** The calls packed so far. */
  readonly calls: { readonly positions: Int32Array; readonly starts: number[] };
}

/** Adds the calls for the targets at some positions; returns the positions of those that are put off. */
async function packOnce(left: Int32Array, packing: Packing, turn: Turn): Promise<Int32Array<ArrayBuffer>> {
  const { list, caps, calls } = packing;
  const targets = left.length === list.count ? list : pick(left, list);
  const { order, starts, sizes } = await cutIntoPieces(targets, caps.targets, turn);
  const isFirstInCall = createKeyCheck(targets);
  const putOff: number[] = [];
  let end = calls.starts.at(-1) ?? 0;
  const take = (at: number) => {
    const position = left[at] ?? 0;
    if (isFirstInCall(at, calls.starts.length)) calls.positions[end++] = position;
    else putOff.push(position);
  };
  for (const call of packPieces(createShelf(sizes, caps.targets), caps)) {
    for (const { piece, size } of call) {
      const from = starts[piece] ?? 0;
      starts[piece] = from + size;
      for (let place = from; place < from + size; place++) take(order[place] ?? 0);
    }
    calls.positions.subarray(calls.starts.at(-1), end).sort();
    calls.starts.push(end);
    const due = turn();
    if (due) await due;
  }
  return Int32Array.from(putOff);
}

/** Says of each target of a call whether it is the first there with its match key. Calls have numbers above 0. */
function createKeyCheck({ count, keyOf, keys }: TargetList): (at: number, call: number) => boolean {
  if (keys === count) return () => true;
  const lastCall = new Int32Array(keys);
  return (at, call) => {
    const key = keyOf[at] ?? 0;
    if (lastCall[key] === call) return false;
    lastCall[key] = call;
    return true;
  };
}

/** The targets at some positions, as a list of their own. */
function pick(positions: Int32Array, { keyOf, keys, domainOf, domains }: TargetList): TargetList {
  const numbers = new Int32Array(keys).fill(-1);
  let count = 0;
  const numberOf = (key: number) => {
    if (numbers[key] === -1) numbers[key] = count++;
    return numbers[key] ?? 0;
  };
  return {
    count: positions.length,
    keyOf: positions.map((position) => numberOf(keyOf[position] ?? 0)),
    keys: count,
    domainOf: domainOf === null ? null : positions.map((position) => domainOf[position] ?? 0),
    domains,
  };
}
