import { increase, type Ordering, orderBy } from './ordering.js';
import { type EndSlice, inSlices } from './slices.js';
import type { TargetList } from './target-list.js';

/**
 * The fewest calls of a limited number of targets where two with one match key never share a call: exactly
 * max(ceil(targets / maxTargets), the most targets with one key), which nothing can go below.
 *
 * Targets whose key others have, too, stand in a row, those of a key side by side, and are dealt to the calls by turns. A key
 * has no more of them than there are calls, so that none comes twice to one call, and no call gets more than the row's
 * length over the calls, rounded up, which is at most `maxTargets`. The others fill what room is left, in order; there is
 * room for all, because the calls hold as many targets as there are.
 */
export async function dealTargets(list: TargetList, maxTargets: number, endSlice: EndSlice): Promise<Ordering> {
  const { count, keys } = list;
  const { bearers, most } = keys === count ? NO_BEARERS : await countBearers(list, endSlice);
  const calls = Math.max(Math.ceil(count / maxTargets), most);
  const callOf = new Int32Array(count).fill(-1);
  const room = new Int32Array(calls).fill(maxTargets);
  const give = (position: number, call: number) => {
    callOf[position] = call;
    increase(room, call, -1);
  };
  if (most > 1) await dealShared({ ...list, bearers }, endSlice, (position, place) => give(position, place % calls));
  let open = 0;
  await inSlices(count, endSlice, (position) => {
    if (callOf[position] !== -1) return;
    while (room[open] === 0) open++;
    give(position, open);
  });
  return orderBy(callOf, calls, endSlice);
}

/** Where each target has a key of its own. */
const NO_BEARERS = { bearers: new Int32Array(), most: 0 };

interface SharedKeys extends TargetList {
  readonly bearers: Int32Array;
}

/** Puts the targets that share their keys in a row, those of a key side by side. */
async function dealShared(
  { count, keys, keyOf, bearers }: SharedKeys,
  endSlice: EndSlice,
  give: (position: number, place: number) => void,
): Promise<void> {
  const placeOf = new Int32Array(keys).fill(-1);
  let places = 0;
  await inSlices(count, endSlice, (position) => {
    const key = keyOf[position] ?? 0;
    const sharing = bearers[key] ?? 0;
    if (sharing === 1) return;
    if (placeOf[key] === -1) {
      placeOf[key] = places;
      places += sharing;
    }
    give(position, increase(placeOf, key, 1));
  });
}

/** How many targets have each key, and the most that one has. */
async function countBearers(
  { count, keyOf, keys }: TargetList,
  endSlice: EndSlice,
): Promise<{ bearers: Int32Array; most: number }> {
  const bearers = new Int32Array(keys);
  let most = 0;
  await inSlices(count, endSlice, (position) => {
    most = Math.max(most, increase(bearers, keyOf[position] ?? 0, 1) + 1);
  });
  return { bearers, most };
}
