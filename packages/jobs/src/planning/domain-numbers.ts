import { registrableDomain } from '@linkhaul/schemas';
import { createNumbering } from './numbering.js';
import type { TargetBytes, TargetHash } from './target-hash.js';

/** Hosts whose domain is at hand; another with the same place takes it over. */
const MOST_KEPT = 2 ** 17;

interface DomainNumbers {
  readonly count: number;
  /** The number of a target's registrable domain. It has just been read, and its hash is changed. */
  numberOf(target: TargetBytes, hash: TargetHash): number;
}

/** Numbers registrable domains. What the public suffix list says is kept for the hosts that came last. */
export function createDomainNumbers(capacity: number): DomainNumbers {
  const domains = createNumbering(capacity);
  const kept = Math.min(MOST_KEPT, 2 ** Math.ceil(Math.log2(capacity + 1)));
  const highs = new Int32Array(kept);
  const lows = new Int32Array(kept);
  const numbers = new Int32Array(kept).fill(-1);
  return {
    get count() {
      return domains.count;
    },
    numberOf(target, hash) {
      const { hostHigh: high, hostLow: low, hostFrom, hostTo } = hash;
      const place = low & (kept - 1);
      const known = numbers[place] ?? -1;
      if (known !== -1 && lows[place] === low && highs[place] === high) return known;
      const { length } = registrableDomain(textOf(target.bytes, hostFrom, hostTo));
      // A domain is the end of its host.
      if (length < hostTo - hostFrom) hash.readDomain(target, hostTo - length);
      const number = domains.numberOf(hash.hostHigh, hash.hostLow);
      highs[place] = high;
      lows[place] = low;
      numbers[place] = number;
      return number;
    },
  };
}

/** A host in normal form is ASCII. */
function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
