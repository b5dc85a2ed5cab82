import { ENDPOINTS, matchKey } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planCalls } from '../src/index.js';
import { type CallCaps, packGroups } from '../src/planning/packing.js';

const CAPS = { targets: 1000, domains: 100 };

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

interface Range {
  readonly from: number;
  readonly to: number;
}

/** How far ranges reach from 0 on, when none is missing and none overlaps; else -1. */
function coveredOnce(ranges: Range[]): number {
  return ranges.sort((a, b) => a.from - b.from).reduce((end, { from, to }) => (from === end && to > from ? to : -1), 0);
}

function checkPacking(sizes: readonly number[], caps: CallCaps) {
  const calls = [...packGroups(sizes, caps)];
  const pieces = sizes.map((): Range[] => []);
  for (const call of calls) {
    for (const { group, from, to } of call) pieces[group]?.push({ from, to });
  }
  const held = calls.map((call) => call.reduce((sum, { from, to }) => sum + to - from, 0));
  const groups = calls.map((call) => new Set(call.map(({ group }) => group)).size);
  expect(held.every((sum) => sum > 0 && sum <= caps.targets)).toBe(true);
  expect(groups.every((some) => some <= (caps.domains ?? sizes.length))).toBe(true);
  expect(pieces.map(coveredOnce)).toEqual(sizes);
  return calls;
}

function bound(sizes: readonly number[], caps: { targets: number; domains: number }): number {
  const targets = sizes.reduce((sum, size) => sum + size, 0);
  const pieces = sizes.reduce((sum, size) => sum + Math.ceil(size / caps.targets), 0);
  return 1.0102 * Math.max(Math.ceil(targets / caps.targets), Math.ceil(pieces / caps.domains)) + 1;
}

test('every member is in one call, the caps hold, and the calls are few', () => {
  fc.assert(
    fc.property(mixes, (sizes) => {
      expect(checkPacking(sizes, CAPS).length).toBeLessThanOrEqual(bound(sizes, CAPS));
    }),
    { numRuns: 150 },
  );
});

test('the caps hold, whatever they are', () => {
  const caps = fc.record({
    targets: fc.integer({ min: 1, max: 50 }),
    domains: fc.option(fc.integer({ min: 1, max: 9 })),
  });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 60 }), caps, (sizes, some) => {
      const calls = checkPacking(sizes, some);
      const targets = sizes.reduce((sum, size) => sum + size, 0);
      if (some.domains === null) expect(calls.length).toBe(Math.ceil(targets / some.targets));
    }),
    { numRuns: 300 },
  );
});

test('packing the same again gives the same', () => {
  fc.assert(
    fc.property(mixes, (sizes) => {
      expect([...packGroups(sizes, CAPS)]).toEqual([...packGroups(sizes, CAPS)]);
    }),
    { numRuns: 5 },
  );
});

const target = fc
  .record({
    host: fc.constantFrom('a.com', 'www.a.com', 'b.a.com', 'b.com', 'c.co.uk', 'd.c.co.uk', 'e.org'),
    form: fc.constantFrom('', '/', '/x', '/x/', '/X', '?q=1'),
    scheme: fc.constantFrom('http://', 'https://'),
  })
  .map(({ host, form, scheme }) => (form === '' ? host : `${scheme}${host}${form}`));

test('each target is in one call, and two with one match key, like a host and its root page, never share one', async () => {
  const endpoints = fc.constantFrom(ENDPOINTS.bulk_backlinks, ENDPOINTS.bulk_pages_summary);
  await fc.assert(
    fc.asyncProperty(endpoints, fc.uniqueArray(target, { maxLength: 80, size: 'max' }), async (endpoint, targets) => {
      const calls = await planCalls(endpoint, targets);
      expect(calls.flat().sort((a, b) => a - b)).toEqual(targets.map((_, position) => position));
      for (const call of calls) {
        const keys = call.map((position) => matchKey(targets[position] ?? ''));
        expect(new Set(keys).size).toBe(keys.length);
      }
    }),
  );
  const [host, root] = await planCalls(ENDPOINTS.bulk_backlinks, ['example.com', 'https://example.com/']);
  expect([host, root]).toEqual([[0], [1]]);
});

test('a list call asks about one target; bulk_backlinks needs no more calls than its targets fill', async () => {
  expect(await planCalls(ENDPOINTS.referring_domains, ['a.com', 'b.com'])).toEqual([[0], [1]]);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 5000 }), async (count) => {
      const targets = Array.from({ length: count }, (_, at) => `host${at}.com`);
      expect(await planCalls(ENDPOINTS.bulk_backlinks, targets)).toHaveLength(Math.ceil(count / 1000));
    }),
    { numRuns: 20 },
  );
});

test('a million targets are planned within the bound', async () => {
  const sites = Array.from({ length: 1_000_000 }, (_, at) => (at % 7 === 0 ? at : at % 30_011));
  const targets = sites.map((site, at) => `https://site${site}.com/page/${at}`);
  const calls = await planCalls(ENDPOINTS.bulk_pages_summary, targets);
  expect(calls.reduce((sum, call) => sum + call.length, 0)).toBe(1_000_000);
  const pages = new Map<number, number>();
  for (const site of sites) pages.set(site, (pages.get(site) ?? 0) + 1);
  expect(calls.length).toBeLessThanOrEqual(bound([...pages.values()], CAPS));
});

test('a million groups are packed, each alone or all in one', () => {
  expect([...packGroups(new Array<number>(1_000_000).fill(1), CAPS)]).toHaveLength(10_000);
  expect([...packGroups([1_000_000], CAPS)]).toHaveLength(1000);
});
