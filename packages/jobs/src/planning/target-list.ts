import type { BulkEndpoint } from '@linkhaul/schemas';
import { createDomainNumbers } from './domain-numbers.js';
import { createNumbering } from './numbering.js';
import { createTargetHash } from './target-hash.js';

/** Distinct targets as packing sees them: by position, the number of each one's match key and of its domain. */
export interface TargetList {
  readonly count: number;
  readonly keyOf: Int32Array;
  readonly keys: number;
  /** Null where an endpoint does not count domains. */
  readonly domainOf: Int32Array | null;
  readonly domains: number;
}

export interface TargetListBuilder {
  /** A further target, in normal form. */
  add(target: string): void;
  build(): TargetList;
}

/** For at most so many targets. 12 to 50 bytes a target; the texts are not kept. */
export function createTargetList({ maxDomains }: BulkEndpoint, capacity: number): TargetListBuilder {
  const hash = createTargetHash();
  const keys = createNumbering(capacity);
  const keyOf = new Int32Array(capacity);
  const domains = maxDomains === null ? null : createDomainNumbers(capacity);
  const domainOf = maxDomains === null ? null : new Int32Array(capacity);
  let count = 0;
  return {
    add(target) {
      hash.read(target);
      keyOf[count] = keys.numberOf(hash.keyHigh, hash.keyLow);
      if (domains !== null && domainOf !== null) domainOf[count] = domains.numberOf(target, hash);
      count++;
    },
    build: () => ({
      count,
      keyOf: keyOf.subarray(0, count),
      keys: keys.count,
      domainOf: domainOf?.subarray(0, count) ?? null,
      domains: domains?.count ?? 0,
    }),
  };
}
