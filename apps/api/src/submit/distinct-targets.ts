import { type KeyPlace, type PlainTarget, placeKey, registrableDomain } from '@linkhaul/schemas';
import { KeyTable } from './key-table.js';
import type { ByteRange } from './submission.js';
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
  firstLineOfPlain(line: number, range: ByteRange, found: PlainTarget): number | null;
}

/**
 * Tells targets apart: neither they nor their domains are kept. A target's key is that of its match key, with what else
 * there is of the target in one of its parts, so that the table meets those with one match key by the way.
 */
export function createDistinctTargets(countsDomains: boolean): DistinctTargets {
  const keys = createTextKeys();
  const lines = new KeyTable();
  const layers = countsDomains ? new KeyTable() : null;
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
    const first = lines.putIfNew(withNumber(keys.of(bytes, place), place.variant), line);
    if (first === 0 && lines.alike > mostAlike) mostAlike = lines.alike;
    return first;
  };
  const count = (bytes: Buffer, domain: { from: number; to: number }) =>
    layers?.increment(withNumber(keys.of(bytes, domain), lines.alike));
  return {
    get targets() {
      return lines.size;
    },
    get mostWithOneKey() {
      return Math.min(lines.size, mostAlike + 1);
    },
    get layerSizes() {
      return layers?.values() ?? [];
    },
    firstLine(line, target) {
      const first = put(line, scratch, { from: 0, to: scratch.write(target, 'latin1') });
      if (first !== 0) return first;
      if (layers !== null) count(scratch, { from: 0, to: scratch.write(registrableDomain(target), 'latin1') });
      return null;
    },
    firstLineOfPlain(line, { bytes, to }, { targetFrom, domainFrom, domainTo }) {
      const first = put(line, bytes, { from: targetFrom, to });
      if (first !== 0) return first;
      if (layers !== null) count(bytes, { from: domainFrom, to: domainTo });
      return null;
    },
  };
}
