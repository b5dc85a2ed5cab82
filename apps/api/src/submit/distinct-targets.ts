import { type PlainTarget, registrableDomain } from '@linkhaul/schemas';
import { KeyTable } from './key-table.js';
import type { ByteRange } from './submission.js';
import { createTextKeys } from './text-key.js';

const MAX_TARGET_LENGTH = 2048;

export interface DistinctTargets {
  readonly targets: number;
  /** How many targets each registrable domain has; empty where domains are not counted. */
  readonly domainSizes: Iterable<number>;
  /** The line of the first row with the same target; null for the first. */
  firstLine(line: number, target: string): number | null;
  /** The same for a target that stands in bytes. */
  firstLineOfPlain(line: number, range: ByteRange, found: PlainTarget): number | null;
}

/** Tells targets apart by their keys: neither they nor their domains are kept. */
export function createDistinctTargets(countsDomains: boolean): DistinctTargets {
  const keys = createTextKeys();
  const lines = new KeyTable();
  const domains = countsDomains ? new KeyTable() : null;
  const scratch = Buffer.alloc(MAX_TARGET_LENGTH);
  return {
    get targets() {
      return lines.size;
    },
    get domainSizes() {
      return domains?.values() ?? [];
    },
    firstLine(line, target) {
      const first = lines.putIfNew(keys.of(scratch, 0, scratch.write(target, 'latin1')), line);
      if (first !== 0) return first;
      domains?.increment(keys.of(scratch, 0, scratch.write(registrableDomain(target), 'latin1')));
      return null;
    },
    firstLineOfPlain(line, { bytes, to }, { targetFrom, domainFrom, domainTo }) {
      const first = lines.putIfNew(keys.of(bytes, targetFrom, to), line);
      if (first !== 0) return first;
      domains?.increment(keys.of(bytes, domainFrom, domainTo));
      return null;
    },
  };
}
