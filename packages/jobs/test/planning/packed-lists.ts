import fc from 'fast-check';
import { expect } from 'vitest';
import { packTargets, type TargetList } from '../../src/index.js';
import type { Pieces } from '../../src/planning/pieces.js';

interface Caps {
  readonly maxTargets: number;
  readonly maxDomains: number;
}

export const CAPS: Caps = { maxTargets: 1000, maxDomains: 100 };

/** Pages a domain, as the web has them: many with one, few with very many. */
const zipf = fc
  .record({
    domains: fc.integer({ min: 1, max: 3000 }),
    top: fc.integer({ min: 1, max: 20_000 }),
    slope: fc.double({ min: 0.3, max: 2, noNaN: true }),
  })
  .map(({ domains, top, slope }) =>
    Array.from({ length: domains }, (_, rank) => Math.max(1, Math.floor(top / (rank + 1) ** slope))),
  );

const uniform = fc
  .record({ domains: fc.integer({ min: 0, max: 3000 }), size: fc.integer({ min: 1, max: 2500 }) })
  .map(({ domains, size }) => Array.from({ length: domains }, () => size));

/** Sizes around what fills a call in one way or the other. */
const edges = fc.array(
  fc.tuple(
    fc.integer({ min: 1, max: 400 }),
    fc.constantFrom(1, 2, 5, 9, 10, 11, 50, 99, 333, 499, 500, 501, 900, 950, 999, 1000, 1001, 1999, 10_000),
  ),
  { maxLength: 12 },
);
const adversarial = edges.map((runs) => runs.flatMap(([times, size]) => Array.from({ length: times }, () => size)));

const random = fc.array(fc.integer({ min: 1, max: 1500 }), { maxLength: 800, size: 'max' });

export const mixes = fc.oneof(
  uniform,
  zipf,
  adversarial,
  random,
  fc.tuple(zipf, adversarial).map((both) => both.flat()),
);

/** The web's worst: one site with very many pages, or many with a few more than a call holds, and many domains with one. */
export const lopsided = fc
  .record({
    large: fc.constantFrom(1001, 1999, 2500, 50_000),
    times: fc.integer({ min: 1, max: 20 }),
    ones: fc.nat(9000),
  })
  .map(({ large, times, ones }) => [...new Array<number>(times).fill(large), ...new Array<number>(ones).fill(1)]);

/** Targets by what packing sees of them. */
export interface Plain {
  readonly domain: number;
  readonly key: number;
}

function listOf(targets: readonly Plain[]): TargetList {
  const keys = new Map<number, number>();
  const domains = new Map<number, number>();
  const numberIn = (numbers: Map<number, number>, of: number) => {
    const number = numbers.get(of) ?? numbers.size;
    numbers.set(of, number);
    return number;
  };
  const keyOf = Int32Array.from(targets, ({ key }) => numberIn(keys, key));
  const domainOf = Int32Array.from(targets, ({ domain }) => numberIn(domains, domain));
  return { count: targets.length, keyOf, keys: keys.size, domainOf, domains: domains.size };
}

export function plainTargets(sizes: readonly number[]): Plain[] {
  let key = 0;
  return sizes.flatMap((size, domain) => Array.from({ length: size }, () => ({ domain, key: key++ })));
}

/** Packs, and checks that each target is in one call, that the caps hold, and that no call has a key twice. */
export async function callsOf(targets: readonly Plain[], caps: { maxTargets: number; maxDomains: number | null }) {
  const packed = await packTargets(caps, listOf(targets));
  const calls = Array.from({ length: packed.length }, (_, call) => [...packed.positions(call)]);
  const seen = new Uint8Array(targets.length);
  for (const call of calls) {
    const inCall = call.map((position) => targets[position]);
    expect(call.length > 0 && call.length <= caps.maxTargets).toBe(true);
    expect(new Set(inCall.map((target) => target?.key)).size).toBe(call.length);
    if (caps.maxDomains !== null) {
      expect(new Set(inCall.map((target) => target?.domain)).size).toBeLessThanOrEqual(caps.maxDomains);
    }
    for (const position of call) seen[position] = (seen[position] ?? 0) + 1;
  }
  expect(seen.every((times) => times === 1)).toBe(true);
  return calls;
}

export function countBy<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** T, P and the most pieces of a family, of targets whose domains share no key. */
function measures(targets: readonly Plain[], { maxTargets }: Caps) {
  const seen = new Map<number, number>();
  const layers = targets.map(({ domain, key }) => {
    const depth = seen.get(key) ?? 0;
    seen.set(key, depth + 1);
    return `${domain} ${depth}`;
  });
  const pieces = new Map<string, number>();
  let all = 0;
  for (const [layer, size] of countBy(layers)) {
    const [domain = ''] = layer.split(' ');
    all += Math.ceil(size / maxTargets);
    pieces.set(domain, (pieces.get(domain) ?? 0) + Math.ceil(size / maxTargets));
  }
  const divided = new Set(layers.filter((layer) => !layer.endsWith(' 0')).map((layer) => layer.split(' ')[0] ?? ''));
  const family = Math.max(1, ...[...divided].map((domain) => pieces.get(domain) ?? 0));
  return { targets: targets.length, pieces: all, family };
}

/** What is proved of `packPieces`. */
export function proved(targets: readonly Plain[], caps: Caps): number {
  const { targets: count, pieces, family } = measures(targets, caps);
  return Math.max(Math.ceil(count / caps.maxTargets), Math.ceil(pieces / (caps.maxDomains - 1))) + family - 1;
}

export function bound(targets: readonly Plain[], caps: Caps): number {
  const { targets: count, pieces } = measures(targets, caps);
  return 1.0102 * Math.max(Math.ceil(count / caps.maxTargets), Math.ceil(pieces / caps.maxDomains)) + 1;
}

/** Pieces of domains with these numbers of targets, as stretches of all targets. */
export function piecesOf(sizes: readonly number[], { maxTargets }: Caps): Pieces {
  const pieces: { start: number; size: number }[] = [];
  let start = 0;
  for (const size of sizes) {
    for (let from = 0; from < size; from += maxTargets) {
      pieces.push({ start: start + from, size: Math.min(maxTargets, size - from) });
    }
    start += size;
  }
  const starts = Int32Array.from(pieces, (piece) => piece.start);
  return {
    count: pieces.length,
    starts,
    sizes: Int32Array.from(pieces, ({ size }) => size),
    familyOf: null,
    families: 0,
  };
}
