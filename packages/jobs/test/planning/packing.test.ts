import { ENDPOINTS, matchKey, normaliseTarget, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isThorough, tries } from '../../../../e2e/env.js';
import { createSlices, planCalls } from '../../src/index.js';
import { packPieces, type Stretch } from '../../src/planning/packing.js';
import { listTargets } from '../../src/planning/target-list.js';
import {
  bound,
  CAPS,
  callsOf,
  countBy,
  lopsided,
  mixes,
  type Plain,
  piecesOf,
  plainTargets,
  proved,
} from './packed-lists.js';

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
    { numRuns: tries(12) },
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

test('a long list is planned within the bound', async () => {
  const length = isThorough ? 1_000_000 : 200_000;
  const sites = Array.from({ length }, (_, at) => (at % 7 === 0 ? at : at % 30_011));
  const targets = sites.map((site, at) => `https://site${site}.com/page/${at}`);
  const calls = await planCalls(ENDPOINTS.bulk_pages_summary, targets);
  let held = 0;
  for (let call = 0; call < calls.length; call++) held += calls.positions(call).length;
  expect(held).toBe(length);
  const pieces = [...countBy(sites).values()].reduce((sum, pages) => sum + Math.ceil(pages / 1000), 0);
  expect(calls.length).toBeLessThanOrEqual(1.0102 * Math.max(length / 1000, Math.ceil(pieces / 100)) + 1);
});
