import type { JsonObject } from '../answers/values.js';

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
