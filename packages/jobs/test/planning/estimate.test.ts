import { ENDPOINTS, matchKey, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createSlices, estimateJob, highestCost, itemLimit, planCalls } from '../../src/index.js';
import { countCalls } from '../../src/planning/count-calls.js';
import { packPieces } from '../../src/planning/packing.js';
import { scaledPrices } from '../../src/planning/prices.js';

const PRICES = { call: 24_000_000, item: 36_000 };

/** Caps, and sizes of layers around what they allow. */
const layersAndCaps = fc
  .record({ targets: fc.constantFrom(1, 2, 7, 50, 64, 1000), domains: fc.constantFrom(2, 3, 9, 100) })
  .chain((caps) => {
    const { targets } = caps;
    const size = fc.integer({ min: 1, max: 3 * targets });
    const edge = fc.constantFrom(1, 2, 0.01, 0.1, 0.33, 0.5).map((part) => Math.max(1, Math.floor(part * targets)));
    const near = fc.tuple(edge, fc.integer({ min: -1, max: 1 })).map(([at, by]) => Math.max(1, at + by));
    const runs = fc.array(fc.tuple(fc.integer({ min: 1, max: 300 }), near), { maxLength: 8 });
    const layers = fc.oneof(
      fc.array(size, { maxLength: 300, size: 'max' }),
      runs.map((all) => all.flatMap(([times, of]) => new Array<number>(times).fill(of))),
    );
    return fc.record({ caps: fc.constant(caps), layers });
  });

/** How many calls `packPieces` makes of layers of these sizes, and how many targets the smallest holds. */
async function packed(layers: readonly number[], caps: { targets: number; domains: number }) {
  const cut = layers.flatMap((size) => [
    ...new Array<number>(Math.floor(size / caps.targets)).fill(caps.targets),
    ...(size % caps.targets > 0 ? [size % caps.targets] : []),
  ]);
  const pieces = {
    count: cut.length,
    starts: new Int32Array(cut.length),
    sizes: Int32Array.from(cut),
    familyOf: null,
    families: 0,
  };
  const held: number[] = [];
  for await (const call of packPieces(pieces, caps, createSlices())) {
    held.push(call.reduce((sum, { from, to }) => sum + to - from, 0));
  }
  return { calls: held.length, smallest: Math.min(caps.targets, ...held) };
}

test('calls are counted as they are packed, in any order of the layers', async () => {
  await fc.assert(
    fc.asyncProperty(layersAndCaps, async ({ layers, caps }) => {
      const expected = await packed(layers, caps);
      expect(await countCalls(layers, caps)).toEqual(expected);
      expect(await countCalls(layers.toReversed(), caps)).toEqual(expected);
    }),
    { numRuns: tries(100) },
  );
  expect(await countCalls([], { targets: 1000, domains: 100 })).toEqual({ calls: 0, smallest: 1000 });
});

/** What intake knows of targets, counted in the plainest way. */
function countsOf(targets: readonly string[]) {
  const bearers = new Map<string, number>();
  const layers = new Map<string, number>();
  for (const target of targets) {
    const depth = bearers.get(matchKey(target)) ?? 0;
    bearers.set(matchKey(target), depth + 1);
    const layer = `${registrableDomain(target)} ${depth}`;
    layers.set(layer, (layers.get(layer) ?? 0) + 1);
  }
  const mostWithOneKey = Math.max(0, ...bearers.values());
  return { targets: targets.length, mostWithOneKey, layerSizes: [...layers.values()] };
}

const hosts = fc.constantFrom('a.com', 'b.a.com', 'b.com', 'c.co.uk', 'd.c.co.uk', 'e.org');

test('an estimate is the price of the real plan', async () => {
  const target = fc.tuple(hosts, fc.nat(400)).map(([host, page]) => (page === 0 ? host : `https://${host}/${page}`));
  const few = fc.uniqueArray(target, { minLength: 1, maxLength: 1500, size: 'max' });
  const many = fc
    .uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 400 })
    .map((numbers) => numbers.map((n) => `https://d${n % 300}.com/${n}`));
  await fc.assert(
    fc.asyncProperty(fc.oneof(few, many), async (list) => {
      for (const endpoint of [ENDPOINTS.bulk_pages_summary, ENDPOINTS.bulk_backlinks]) {
        const calls = await planCalls(endpoint, list);
        const held = Array.from({ length: calls.length }, (_, call) => calls.positions(call).length);
        const cost = held.reduce((sum, size) => sum + highestCost(PRICES, size), 0);
        expect(await estimateJob({ endpoint, ...countsOf(list), maxItemsPerTarget: 1000, params: {} }, PRICES)).toEqual(
          {
            calls: held.length,
            mostCalls: held.length,
            low: cost,
            high: cost,
            cheapestCall: highestCost(PRICES, Math.min(...held)),
          },
        );
      }
    }),
    { numRuns: tries(15) },
  );
});

test('where targets have one match key, an estimate is near the real plan, and the cheapest call is no dearer', async () => {
  const target = fc
    .tuple(fc.nat(300), fc.constantFrom('', 'http://', 'https://'), fc.constantFrom('', '/', '/x', '/x/'))
    .map(([site, scheme, path]) => (scheme === '' ? `s${site}.com` : `${scheme}s${site}.com${path || '/'}`));
  const lists = fc.uniqueArray(target, { minLength: 1, maxLength: 1500, size: 'max' });
  await fc.assert(
    fc.asyncProperty(lists, async (list) => {
      const counts = countsOf(list);
      for (const endpoint of [ENDPOINTS.bulk_pages_summary, ENDPOINTS.bulk_backlinks]) {
        const { calls, cheapestCall } = await estimateJob(
          { endpoint, ...counts, maxItemsPerTarget: 1000, params: {} },
          PRICES,
        );
        const plan = await planCalls(endpoint, list);
        const held = Array.from({ length: plan.length }, (_, call) => plan.positions(call).length);
        if (endpoint.maxDomains === null) expect(calls).toBe(plan.length);
        else expect(Math.abs(calls - plan.length)).toBeLessThan(counts.mostWithOneKey);
        expect(cheapestCall).toBeLessThanOrEqual(highestCost(PRICES, Math.min(...held)));
      }
    }),
    { numRuns: tries(15) },
  );
});

test('a host and its root page a domain: as many calls as for twice the domains', async () => {
  const list = Array.from({ length: 1000 }, (_, at) => [`s${at}.com`, `https://s${at}.com/`]).flat();
  const endpoint = ENDPOINTS.bulk_pages_summary;
  const { calls } = await estimateJob({ endpoint, ...countsOf(list), maxItemsPerTarget: 1000, params: {} }, PRICES);
  expect([calls, (await planCalls(endpoint, list)).length]).toEqual([20, 20]);
});

test('a job without a valid target needs no more of a budget than the smallest call', async () => {
  const job = {
    endpoint: ENDPOINTS.bulk_backlinks,
    targets: 0,
    mostWithOneKey: 0,
    layerSizes: [],
    maxItemsPerTarget: 1000,
    params: {},
  };
  expect(await estimateJob(job, PRICES)).toMatchObject({ calls: 0, high: 0, cheapestCall: highestCost(PRICES, 1) });
});

test('a list costs an item a target at least, and at most what the job allows', async () => {
  const endpoint = ENDPOINTS.referring_domains;
  const counts = countsOf(['a.com', 'b.com']);
  const one = highestCost(PRICES, 1);
  expect(
    await estimateJob({ endpoint, ...counts, maxItemsPerTarget: endpoint.maxLimit + 1, params: {} }, PRICES),
  ).toEqual({
    calls: 2,
    mostCalls: 4,
    low: 2 * one,
    high: 4 * PRICES.call + 2 * (endpoint.maxLimit + 1) * PRICES.item,
    cheapestCall: one,
  });
  expect(await estimateJob({ endpoint, ...counts, maxItemsPerTarget: null, params: {} }, PRICES)).toMatchObject({
    high: null,
  });
});

test('an estimate stays a number that can be counted with, however much a user allows', async () => {
  const maxItemsPerTarget = Number.MAX_SAFE_INTEGER;
  const job = { endpoint: ENDPOINTS.domain_pages, ...countsOf(['a.com']), maxItemsPerTarget, params: {} };
  expect(await estimateJob(job, PRICES)).toMatchObject({ high: Number.MAX_SAFE_INTEGER });
});

test('prices follow what was charged of late', () => {
  expect(scaledPrices(PRICES, null)).toBe(PRICES);
  expect(scaledPrices(PRICES, { items: 10, cost: highestCost(PRICES, 10) })).toBe(PRICES);
  expect(scaledPrices(PRICES, { items: 10, cost: highestCost(PRICES, 10) / 2 })).toEqual({
    call: 12_000_000,
    item: 18_000,
  });
  expect(scaledPrices({ call: 0, item: 0 }, { items: 1, cost: 5 })).toEqual({ call: 0, item: 0 });
});

test('without a limit on items the ledger still has a bit for every call', () => {
  const limitOf = (most: number | null, roots: number) =>
    itemLimit(ENDPOINTS.referring_domains, { params: {}, max_items_per_target: most }, roots);
  expect(limitOf(2500, 7)).toBe(2500);
  expect(limitOf(null, 1_000_000)).toBe(100_000);
  expect(limitOf(null, 1)).toBe(100_000_000_000);
});

test('a target of a single endpoint takes one call, whatever the job allows', async () => {
  const job = { endpoint: ENDPOINTS.summary, ...countsOf(['a.com', 'b.com']), maxItemsPerTarget: 5000, params: {} };
  const cost = 2 * highestCost(PRICES, 1);
  expect(await estimateJob(job, PRICES)).toEqual({
    calls: 2,
    mostCalls: 2,
    low: cost,
    high: cost,
    cheapestCall: highestCost(PRICES, 1),
  });
  expect(itemLimit(ENDPOINTS.summary, { params: {}, max_items_per_target: null }, 1)).toBe(1);
});
