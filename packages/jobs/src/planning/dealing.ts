import { increase, type Ordering, orderBy } from './ordering.js';
import { type EndSlice, inSlices } from './slices.js';
import type { TargetList } from './target-list.js';

/**
 * Packs a limited number of targets into each call, so that two with the same match key never share one. It takes
 * max(ceil(targets / maxTargets), the most targets with one key) calls, and fewer are impossible.
 *
 * Targets that share their key stand in a row, those with the same key side by side, and are dealt to the calls in turn.
 * No key has more targets than there are calls, so no call gets two of them. No call gets more than the length of the row
 * divided by the calls, rounded up, which is at most `maxTargets`. All other targets fill the remaining room, in order:
 * the calls have room for all targets together.
 */
export async function dealTargets(list: TargetList, maxTargets: number, endSlice: EndSlice): Promise<Ordering> {
  const { count, keys } = list;
  const { targetsOfKey, most } = keys === count ? ALL_KEYS_DIFFER : await countByKey(list, endSlice);
  const calls = Math.max(Math.ceil(count / maxTargets), most);
  const callOf = new Int32Array(count).fill(-1);
  const room = new Int32Array(calls).fill(maxTargets);
  const give = (position: number, call: number) => {
    callOf[position] = call;
    increase(room, call, -1);
  };
  if (most > 1)
    await dealShared({ ...list, targetsOfKey }, endSlice, (position, place) => give(position, place % calls));
  let open = 0;
  await inSlices(count, endSlice, (position) => {
    if (callOf[position] !== -1) return;
    while (room[open] === 0) open++;
    give(position, open);
  });
  return orderBy(callOf, calls, endSlice);
}

const ALL_KEYS_DIFFER = { targetsOfKey: new Int32Array(), most: 0 };
interface SharedKeys extends TargetList {
  readonly targetsOfKey: Int32Array;
}

/** Gives each target that shares its key a place in a row, in which targets with the same key stand side by side. */
async function dealShared(
  { count, keys, keyOf, targetsOfKey }: SharedKeys,
  endSlice: EndSlice,
  give: (position: number, place: number) => void,
): Promise<void> {
  const placeOf = new Int32Array(keys).fill(-1);
  let places = 0;
  await inSlices(count, endSlice, (position) => {
    const key = keyOf[position] ?? 0;
    const sharing = targetsOfKey[key] ?? 0;
    if (sharing === 1) return;
    if (placeOf[key] === -1) {
      placeOf[key] = places;
      places += sharing;
    }
    give(position, increase(placeOf, key, 1));
  });
}

/** How many targets have each key, and the most that one has. */
async function countByKey(
  { count, keyOf, keys }: TargetList,
  endSlice: EndSlice,
): Promise<{ targetsOfKey: Int32Array; most: number }> {
  const targetsOfKey = new Int32Array(keys);
  let most = 0;
  await inSlices(count, endSlice, (position) => {
    most = Math.max(most, increase(targetsOfKey, keyOf[position] ?? 0, 1) + 1);
  });
  return { targetsOfKey, most };
}
