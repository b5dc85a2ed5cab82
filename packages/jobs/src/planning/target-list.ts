import type { BulkEndpoint } from '@linkhaul/schemas';
import { createDomainNumbers } from './domain-numbers.js';
import { createNumbering } from './numbering.js';
import { createTargetHash, type TargetBytes } from './target-hash.js';

/** Distinct targets as packing sees them: by position, the number of each one's match key and of its domain. */
export interface TargetList {
  readonly count: number;
  /** Empty where each has a key of its own. */
  readonly keyOf: Int32Array;
  readonly keys: number;
  /** Null where an endpoint does not count domains. */
  readonly domainOf: Int32Array | null;
  readonly domains: number;
}

export interface TargetListBuilder {
  /** A further target, in normal form. */
  add(target: TargetBytes): void;
  build(): TargetList;
}

interface ListOptions {
  /** At most so many targets come. */
  readonly capacity: number;
  /** Whether it is known that no two have one match key. */
  readonly keysDiffer: boolean;
}

/** 4 to 50 bytes a target; the texts are not kept. */
export function createTargetList(
  { maxDomains }: Pick<BulkEndpoint, 'maxDomains'>,
  { capacity, keysDiffer }: ListOptions,
): TargetListBuilder {
  const hash = createTargetHash();
  const keys = keysDiffer ? null : createNumbering(capacity);
  const keyOf = new Int32Array(keys === null ? 0 : capacity);
  const domains = maxDomains === null ? null : createDomainNumbers(capacity);
  const domainOf = maxDomains === null ? null : new Int32Array(capacity);
  let count = 0;
  return {
    add(target) {
      if (keys === null) {
        hash.readHost(target);
      } else {
        hash.read(target);
        keyOf[count] = keys.numberOf(hash.keyHigh, hash.keyLow);
      }
      if (domains !== null && domainOf !== null) domainOf[count] = domains.numberOf(target, hash);
      count++;
    },
    build: () => ({
      count,
      keyOf: keyOf.subarray(0, count),
      keys: keys?.count ?? count,
      domainOf: domainOf?.subarray(0, count) ?? null,
      domains: domains?.count ?? 0,
    }),
  };
}
