import type { BulkEndpoint } from '@linkhaul/schemas';
import { type PackedCalls, packTargets } from './calls.js';
import type { TargetList } from './target-list.js';

type Caps = Pick<BulkEndpoint, 'maxTargets' | 'maxDomains'>;

/**
 * Packs the targets at the positions `apart` into calls of their own, in the order in which they are given, and all
 * other targets at the lowest cost. The calls of `apart` come first.
 */
export async function packApart(caps: Caps, list: TargetList, apart: Int32Array): Promise<PackedCalls> {
  const first = inOrder(caps, list, apart);
  const isApart = new Uint8Array(list.count);
  for (const position of apart) isApart[position] = 1;
  const rest = new Int32Array(list.count - apart.length);
  for (let position = 0, at = 0; position < list.count; position++) if (isApart[position] === 0) rest[at++] = position;
  const packed = rest.length === 0 ? null : await packTargets(caps, listOf(list, rest));
  return {
    length: first.length + (packed?.length ?? 0),
    positions: (call) => {
      const own = first[call];
      if (own !== undefined || packed === null) return own ?? new Int32Array();
      return packed.positions(call - first.length).map((at) => rest[at] ?? 0);
    },
  };
}

/** Each call takes the next targets, until it is full, a match key would come twice, or it would have too many domains. */
function inOrder(
  { maxTargets, maxDomains }: Caps,
  { keyOf, domainOf }: TargetList,
  positions: Int32Array,
): Int32Array[] {
  const calls: Int32Array[] = [];
  const [keys, domains] = [new Set<number>(), new Set<number>()];
  let from = 0;
  const end = (to: number) => {
    if (to > from) calls.push(positions.slice(from, to).sort());
    from = to;
    keys.clear();
    domains.clear();
  };
  positions.forEach((position, at) => {
    const key = keyOf[position] ?? -1 - position;
    const domain = domainOf?.[position] ?? 0;
    const isFull = at - from === maxTargets || keys.has(key);
    if (isFull || (maxDomains !== null && domains.size === maxDomains && !domains.has(domain))) end(at);
    keys.add(key);
    domains.add(domain);
  });
  end(positions.length);
  return calls;
}

/** The list of these targets alone. Keys and domains are numbered from 0 again. */
function listOf({ keyOf, domainOf }: TargetList, positions: Int32Array): TargetList {
  const keys = renumbered(keyOf, positions);
  const domains = domainOf === null ? null : renumbered(domainOf, positions);
  return {
    count: positions.length,
    keyOf: keyOf.length === 0 ? keyOf : keys.numbers,
    keys: keyOf.length === 0 ? positions.length : keys.count,
    domainOf: domains?.numbers ?? null,
    domains: domains?.count ?? 0,
  };
}

function renumbered(numberOf: Int32Array, positions: Int32Array): { numbers: Int32Array; count: number } {
  const known = new Map<number, number>();
  const numbers = positions.map((position) => {
    const before = numberOf[position] ?? 0;
    const number = known.get(before) ?? known.size;
    known.set(before, number);
    return number;
  });
  return { numbers, count: known.size };
}
