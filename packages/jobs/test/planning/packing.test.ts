import { ENDPOINTS, matchKey, normaliseTarget, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createSlices, packTargets, planCalls, type TargetList } from '../../src/index.js';
import { packPieces, type Stretch } from '../../src/planning/packing.js';
import type { Pieces } from '../../src/planning/pieces.js';
import { listTargets } from '../../src/planning/target-list.js';

interface Caps {
  readonly maxTargets: number;
  readonly maxDomains: number;
}

const CAPS: Caps = { maxTargets: 1000, maxDomains: 100 };

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

const mixes = fc.oneof(
  uniform,
  zipf,
  adversarial,
  random,
  fc.tuple(zipf, adversarial).map((both) => both.flat()),
);

/** The web's worst: one site with very many pages, or many with a few more than a call holds, and many domains with one. */
const lopsided = fc
  .record({
    large: fc.constantFrom(1001, 1999, 2500, 50_000),
    times: fc.integer({ min: 1, max: 20 }),
    ones: fc.nat(9000),
  })
  .map(({ large, times, ones }) => [...new Array<number>(times).fill(large), ...new Array<number>(ones).fill(1)]);

/** Targets by what packing sees of them. */
interface Plain {
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

function plainTargets(sizes: readonly number[]): Plain[] {
  let key = 0;
  return sizes.flatMap((size, domain) => Array.from({ length: size }, () => ({ domain, key: key++ })));
}

/** Packs, and checks that each target is in one call, that the caps hold, and that no call has a key twice. */
async function callsOf(targets: readonly Plain[], caps: { maxTargets: number; maxDomains: number | null }) {
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

function countBy<T>(values: readonly T[]): Map<T, number> {
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
function proved(targets: readonly Plain[], caps: Caps): number {
  const { targets: count, pieces, family } = measures(targets, caps);
  return Math.max(Math.ceil(count / caps.maxTargets), Math.ceil(pieces / (caps.maxDomains - 1))) + family - 1;
}

function bound(targets: readonly Plain[], caps: Caps): number {
  const { targets: count, pieces } = measures(targets, caps);
  return 1.0102 * Math.max(Math.ceil(count / caps.maxTargets), Math.ceil(pieces / caps.maxDomains)) + 1;
}

/** Pieces of domains with these numbers of targets, as stretches of all targets. */
function piecesOf(sizes: readonly number[], { maxTargets }: Caps): Pieces {
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

test('every target is in one call, the caps hold, and the calls are few', async () => {
  const caps = { targets: CAPS.maxTargets, domains: CAPS.maxDomains };
  await fc.assert(
    fc.asyncProperty(fc.oneof(mixes, lopsided), async (sizes) => {
      const pieces = piecesOf(sizes, CAPS);
      const targets = sizes.reduce((sum, size) => sum + size, 0);
      const calls: Stretch[][] = [];
      for await (const call of packPieces(pieces, caps, createSlices())) calls.push(call);
      const held = calls.map((call) => call.reduce((sum, { from, to }) => sum + to - from, 0));
      expect(held.every((sum) => sum > 0 && sum <= caps.targets)).toBe(true);
      expect(calls.every((call) => call.length <= caps.domains)).toBe(true);
      const inOrder = calls.flat().sort((x, y) => x.from - y.from);
      expect(inOrder.reduce((end, { from, to }) => (from === end && to > from ? to : -1), 0)).toBe(targets);
      const [full, wide] = [Math.ceil(targets / caps.targets), Math.ceil(pieces.count / (caps.domains - 1))];
      expect(calls.length).toBeLessThanOrEqual(Math.max(full, wide));
      expect(calls.length).toBeLessThanOrEqual(1.0102 * Math.max(full, Math.ceil(pieces.count / caps.domains)) + 1);
    }),
    { numRuns: tries(30) },
  );
});

const smallCaps = fc.record({
  maxTargets: fc.integer({ min: 1, max: 40 }),
  maxDomains: fc.integer({ min: 2, max: 9 }),
});

test('the bound holds, whatever the caps are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 60 }), smallCaps, async (sizes, caps) => {
      const targets = plainTargets(sizes);
      expect((await callsOf(targets, caps)).length).toBeLessThanOrEqual(proved(targets, caps));
    }),
    { numRuns: tries(40) },
  );
});

/** Domains whose keys have several targets each: a host and its root page, http and https. */
const withTwins = fc
  .array(
    fc.record({
      keys: fc.integer({ min: 1, max: 60 }),
      bearers: fc.constantFrom(1, 1, 2, 2, 3, 4),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { maxLength: 60, size: 'max' },
  )
  .map((domains) =>
    domains.flatMap(({ keys, bearers, share }, domain) =>
      Array.from({ length: keys }, (_, at) => at).flatMap((at) =>
        new Array<Plain>(at < keys * share ? bearers : 1).fill({ domain, key: domain * 1000 + at }),
      ),
    ),
  );

test('two targets with one match key never share a call, and the calls are few still', async () => {
  await fc.assert(
    fc.asyncProperty(withTwins, smallCaps, fc.nat(), async (targets, caps, seed) => {
      const shuffled = targets
        .map((target, at) => ({ target, place: Math.imul(at + seed, 0x9e3779b1) }))
        .sort((a, b) => a.place - b.place)
        .map(({ target }) => target);
      expect((await callsOf(shuffled, caps)).length).toBeLessThanOrEqual(proved(shuffled, caps));
    }),
    { numRuns: tries(40) },
  );
});

test('hosts and their root pages beside large sites cost no more than either alone would', async () => {
  let key = 0;
  const sites = Array.from({ length: 50_000 }, (_, at): Plain => ({ domain: at % 20, key: key++ }));
  const pairs = Array.from({ length: 3000 }, (_, at): Plain[] =>
    new Array<Plain>(2).fill({ domain: 20 + at, key: key++ }),
  ).flat();
  const targets = [...sites, ...pairs];
  const calls = (await callsOf(targets, CAPS)).length;
  expect(calls).toBeLessThanOrEqual(bound(targets, CAPS) + 1);
  // 50 full calls and 30 for each half of the pairs, were they packed apart.
  expect(calls).toBeLessThan(65);
});

test('a list in which every target has a twin costs at most a call more than the least', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 300, size: 'max' });
  await fc.assert(
    fc.asyncProperty(sizes, async (domains) => {
      const pages = plainTargets(domains);
      const targets = [...pages, ...pages];
      expect((await callsOf(targets, CAPS)).length).toBeLessThanOrEqual(bound(targets, CAPS) + 1);
    }),
    { numRuns: 12 },
  );
});

test('the small layer of a domain fills a call up with the large layer of another', async () => {
  const targets = [0, 1].flatMap((domain): Plain[] => [
    ...Array.from({ length: 39 }, (_, at) => ({ domain, key: domain * 39 + at })),
    { domain, key: domain * 39 },
  ]);
  expect(await callsOf(targets, { maxTargets: 40, maxDomains: 9 })).toHaveLength(2);
});

test('keys that domains share are kept apart, too', async () => {
  const domains = fc.array(fc.record({ domain: fc.nat(5), key: fc.nat(12) }), { maxLength: 80, size: 'max' });
  await fc.assert(
    fc.asyncProperty(domains, smallCaps, async (targets, caps) => {
      await callsOf(targets, caps);
    }),
    { numRuns: tries(30) },
  );
});

test('where domains do not count, the calls are the fewest there can be', async () => {
  await fc.assert(
    fc.asyncProperty(withTwins, fc.integer({ min: 1, max: 40 }), async (targets, maxTargets) => {
      const most = Math.max(0, ...countBy(targets.map(({ key }) => key)).values());
      const calls = await callsOf(targets, { maxTargets, maxDomains: null });
      expect(calls.length).toBe(Math.max(Math.ceil(targets.length / maxTargets), most));
    }),
    { numRuns: tries(40) },
  );
});

const target = fc
  .record({
    host: fc.constantFrom(
      'a.com',
      'www.a.com',
      'b.a.com',
      'www.www.a.com',
      'd.c.co.uk',
      'x.github.io',
      'www.github.io',
    ),
    form: fc.constantFrom(
      '',
      '/',
      '/x',
      '/x/',
      '/x//',
      '/X',
      '/?',
      '/x?',
      '/x/?q=1',
      '/?q=/',
      ':8080/',
      ':8080/x?a=www.b',
    ),
    scheme: fc.constantFrom('http://', 'https://'),
    ip: fc.constantFrom('', '', '', '192.0.2.1', '[2001:db8::1]'),
  })
  .map(({ host, form, scheme, ip }) => (form === '' ? host : `${scheme}${ip === '' ? host : ip}${form}`))
  .map((text) => {
    const normalised = normaliseTarget(text, { as: 'given', keepWww: true, acceptsPages: true });
    if (!normalised.ok) throw new Error(`${text} is ${normalised.code}`);
    return normalised.target;
  });

test('targets are listed by the numbers of their match keys and their domains', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(target, { maxLength: 60, size: 'max' }), async (targets) => {
      const { keyOf, keys, domainOf, domains, count } = await listTargets(CAPS, targets, createSlices());
      const byKey = targets.map((one) => matchKey(one));
      const byDomain = targets.map((one) => registrableDomain(one));
      expect([count, keys, domains]).toEqual([targets.length, new Set(byKey).size, new Set(byDomain).size]);
      expect([...keyOf]).toEqual(byKey.map((key) => [...new Set(byKey)].indexOf(key)));
      expect([...(domainOf ?? [])]).toEqual(byDomain.map((domain) => [...new Set(byDomain)].indexOf(domain)));
    }),
  );
});

async function planned(...list: Parameters<typeof planCalls>): Promise<number[][]> {
  const calls = await planCalls(...list);
  return Array.from({ length: calls.length }, (_, call) => [...calls.positions(call)]);
}

test('a real list is planned the same each time, without a key twice in a call', async () => {
  const endpoints = fc.constantFrom(ENDPOINTS.bulk_backlinks, ENDPOINTS.bulk_pages_summary);
  await fc.assert(
    fc.asyncProperty(endpoints, fc.uniqueArray(target, { maxLength: 80, size: 'max' }), async (endpoint, targets) => {
      const calls = await planned(endpoint, targets);
      expect(calls.flat().sort((a, b) => a - b)).toEqual(targets.map((_, position) => position));
      for (const call of calls) {
        const keys = call.map((position) => matchKey(targets[position] ?? ''));
        expect(new Set(keys).size).toBe(keys.length);
        expect(call).toEqual(call.toSorted((a, b) => a - b));
      }
      expect(await planned(endpoint, targets)).toEqual(calls);
    }),
  );
  expect(await planned(ENDPOINTS.bulk_backlinks, ['example.com', 'https://example.com/'])).toEqual([[0], [1]]);
  expect(await planned(ENDPOINTS.bulk_pages_summary, ['example.com', 'https://example.com/'])).toEqual([[0], [1]]);
  expect(await planned(ENDPOINTS.referring_domains, ['a.com', 'b.com'])).toEqual([[0], [1]]);
});

test('private suffixes are domains of their own: a hundred of them to a call', async () => {
  const targets = Array.from({ length: 250 }, (_, at) => `https://user${at}.github.io/`);
  expect((await planned(ENDPOINTS.bulk_pages_summary, targets)).map((call) => call.length)).toEqual([100, 100, 50]);
});

test('a million targets are planned within the bound', async () => {
  const sites = Array.from({ length: 1_000_000 }, (_, at) => (at % 7 === 0 ? at : at % 30_011));
  const targets = sites.map((site, at) => `https://site${site}.com/page/${at}`);
  const calls = await planCalls(ENDPOINTS.bulk_pages_summary, targets);
  let held = 0;
  for (let call = 0; call < calls.length; call++) held += calls.positions(call).length;
  expect(held).toBe(1_000_000);
  const pieces = [...countBy(sites).values()].reduce((sum, pages) => sum + Math.ceil(pages / 1000), 0);
  expect(calls.length).toBeLessThanOrEqual(1.0102 * Math.max(1000, Math.ceil(pieces / 100)) + 1);
});
