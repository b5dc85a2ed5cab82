import { type KeyPlace, type PlainTarget, placeKey, registrableDomain } from '@linkhaul/schemas';
import { KeyTable } from './key-table.js';
import { createTextKeys, type TextKey } from './text-key.js';

const MAX_TARGET_LENGTH = 2048;

export interface DistinctTargets {
  readonly targets: number;
  /** The most targets that have one match key. */
  readonly mostWithOneKey: number;
  /**
   * Of each registrable domain how many targets have a match key that comes for the first time, for the second, and so on;
   * empty where domains are not counted.
   */
  readonly layerSizes: Iterable<number>;
  /** The line of the first row with the same target; null for the first. */
  firstLine(line: number, target: string): number | null;
  /** The same for a target that stands in bytes. */
  firstLineOfPlain(line: number, bytes: Buffer, found: PlainTarget): number | null;
}

/**
 * Tells targets apart: neither they nor their domains are kept. A target's key is that of its match key, with what else
 * there is of the target in one of its parts, so that the table meets those with one match key by the way. A domain's key
 * is that of its name, with the layer in the same part: for a target that is its own domain they are one text.
 */
export function createDistinctTargets(countsDomains: boolean): DistinctTargets {
  const keys = createTextKeys();
  const table = new KeyTable();
  const scratch = Buffer.alloc(MAX_TARGET_LENGTH);
  const place: KeyPlace = { from: 0, to: 0, without: 0, variant: 0 };
  const changed = { a: 0, b: 0, c: 0 };
  let mostAlike = 0;

  const withNumber = ({ a, b, c }: TextKey, number: number): TextKey => {
    changed.a = a;
    changed.b = b ^ number;
    changed.c = c;
    return changed;
  };
  /** 0 where the target is new. */
  const put = (line: number, bytes: Buffer, range: { from: number; to: number }): number => {
    placeKey(bytes, range, place);
    const first = table.putIfNew(withNumber(keys.of(bytes, place), place.variant), line);
    if (first === 0 && table.alike > mostAlike) mostAlike = table.alike;
    return first;
  };
  const count = (bytes: Buffer, domain: { from: number; to: number }) =>
    table.count(withNumber(keys.of(bytes, domain), table.alike));
  return {
    get targets() {
      return table.lines;
    },
    get mostWithOneKey() {
      return Math.min(table.lines, mostAlike + 1);
    },
    get layerSizes() {
      return countsDomains ? table.counts() : [];
    },
    firstLine(line, target) {
      const first = put(line, scratch, { from: 0, to: scratch.write(target, 'latin1') });
      if (first !== 0) return first;
      if (countsDomains) count(scratch, { from: 0, to: scratch.write(registrableDomain(target), 'latin1') });
      return null;
    },
    firstLineOfPlain(line, bytes, { targetFrom, targetTo, domainFrom, domainTo }) {
      const first = put(line, bytes, { from: targetFrom, to: targetTo });
      if (first !== 0) return first;
      if (!countsDomains) return null;
      const isDomain = place.from === domainFrom && place.without === domainTo && place.to === domainTo;
      // The key of what was put last, and still in the processor's cache.
      if (isDomain) table.count(withNumber(keys.last, table.alike));
      else count(bytes, { from: domainFrom, to: domainTo });
      return null;
    },
  };
}
