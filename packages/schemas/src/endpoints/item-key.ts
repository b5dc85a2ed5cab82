import { elementsOf, isObject, type JsonObject, objectsOf } from '../answers/values.js';

/** What identifies an item of a row, in every run. */
export interface ItemKey {
  /** The names of its parts in diffs. */
  readonly names: readonly string[];
  /** The members of an item that its parts are read from. */
  readonly members: readonly string[];
  /** The parts of an item's key. A part may be null: links without text are an item whose anchor is null. */
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
 * The key of an item of a set. The item's name is in its entry for each target, the same in all of them. An entry is an
 * object or a list of objects.
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
