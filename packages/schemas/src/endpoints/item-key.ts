import { elementsOf, isObject, type JsonObject, objectsOf } from '../answers/values.js';

/** What tells the items of one row apart, in every run. */
export interface ItemKey {
  /** The names of its parts in diffs. */
  readonly names: readonly string[];
  /** The members of an item that its parts are read from. */
  readonly members: readonly string[];
  /** The parts of an item's key. An item may have none: anchors have one without text. */
  readonly partsOf: (item: JsonObject) => readonly (string | null)[];
}

/** A key of texts that stand in the item itself, such as `url`. */
export function keyOf(...members: readonly string[]): ItemKey {
  return {
    names: members,
    members,
    partsOf: (item) =>
      members.map((member) => {
        const value = item[member];
        return typeof value === 'string' ? value : null;
      }),
  };
}

/**
 * The key of an item of a set, which has no name of its own: the name stands in what the item has of each target, the same in
 * all. That is an object, or a list of objects.
 */
export function keyInEach(name: string, place: { readonly member: string; readonly field: string }): ItemKey {
  const { member, field } = place;
  return { names: [name], members: [member], partsOf: (item) => [firstOf(item[member], field)] };
}

function firstOf(ofEach: unknown, member: string): string | null {
  const each = isObject(ofEach) ? Object.values(ofEach) : elementsOf(ofEach);
  const found = each.flatMap(objectsOf).map((one) => one[member]);
  return found.find((value) => typeof value === 'string') ?? null;
}
