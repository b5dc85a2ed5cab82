import { type BulkEndpoint, registrableDomain } from '@linkhaul/schemas';
import { createDistinctTargets } from './distinct-targets.js';
import { type EndSlice, inSlices } from './slices.js';

/** Distinct targets as packing needs them: by position, the number of each target's match key and of its domain. */
export interface TargetList {
  readonly count: number;
  /** Empty if every target has a key of its own. */
  readonly keyOf: Int32Array;
  readonly keys: number;
  /** Null if the endpoint does not count domains. */
  readonly domainOf: Int32Array | null;
  readonly domains: number;
}

/**
 * The number of a target's domain, and the position of the first target with the same match key; -1 if it is the first
 * itself.
 */
interface ListedTarget {
  readonly domain: number;
  readonly alike: number;
}

interface TargetListBuilder {
  add(target: ListedTarget): void;
  build(): TargetList;
}

interface ListOptions {
  /** The most targets that will be added. */
  readonly capacity: number;
  /** Whether it is known that no two targets have the same match key. */
  readonly keysDiffer: boolean;
}

/** Takes at most 8 bytes per target. */
export function createTargetList(
  { maxDomains }: Pick<BulkEndpoint, 'maxDomains'>,
  { capacity, keysDiffer }: ListOptions,
): TargetListBuilder {
  const keyOf = new Int32Array(keysDiffer ? 0 : capacity);
  const domainOf = maxDomains === null ? null : new Int32Array(capacity);
  let count = 0;
  let keys = 0;
  let domains = 0;
  return {
    add({ domain, alike }) {
      if (keysDiffer) keys++;
      else keyOf[count] = alike === -1 ? keys++ : (keyOf[alike] ?? 0);
      if (domainOf !== null) domainOf[count] = domain;
      domains = Math.max(domains, domain + 1);
      count++;
    },
    build: () => ({
      count,
      keyOf: keyOf.subarray(0, count),
      keys,
      domainOf: domainOf?.subarray(0, count) ?? null,
      domains,
    }),
  };
}

/** Lists targets that are known already: distinct, in normal form. */
export async function listTargets(
  { maxDomains }: Pick<BulkEndpoint, 'maxDomains'>,
  targets: readonly string[],
  endSlice: EndSlice,
): Promise<TargetList> {
  const list = createTargetList({ maxDomains }, { capacity: targets.length, keysDiffer: false });
  const distinct = createDistinctTargets(maxDomains !== null);
  await inSlices(targets.length, endSlice, (position) => {
    const target = targets[position] ?? '';
    const known = { target, domain: maxDomains === null ? '' : registrableDomain(target) };
    const { alike, domain } = distinct.take(position + 1, known);
    list.add({ alike: alike - 1, domain });
  });
  return list.build();
}
