import { ENDPOINTS } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateJob, highestCost, itemLimit, planCalls } from '../src/index.js';
import { scaledPrices } from '../src/planning/prices.js';

const PRICES = { call: 24_000_000, item: 36_000 };

test('a bulk estimate is what the planned calls cost', async () => {
  const endpoint = ENDPOINTS.bulk_pages_summary;
  const targets = fc.uniqueArray(
    fc.integer({ min: 1, max: 5000 }).map((n) => `https://d${n % 300}.com/${n}`),
    { minLength: 1, maxLength: 400 },
  );
  await fc.assert(
    fc.asyncProperty(targets, async (list) => {
      const calls = await planCalls(endpoint, list);
      const sizes = Array.from({ length: calls.length }, (_, call) => calls.positions(call).length);
      const cost = sizes.reduce((sum, size) => sum + highestCost(PRICES, size), 0);
      expect(await estimateJob({ endpoint, targets: list, maxItemsPerTarget: 1000 }, PRICES)).toEqual({
        calls: sizes.length,
        mostCalls: sizes.length,
        low: cost,
        high: cost,
        cheapestCall: highestCost(PRICES, Math.min(...sizes)),
      });
    }),
  );
});

test('a list costs an item a target at least, and at most what the job allows', async () => {
  const endpoint = ENDPOINTS.referring_domains;
  const targets = ['a.com', 'b.com'];
  const one = highestCost(PRICES, 1);
  expect(await estimateJob({ endpoint, targets, maxItemsPerTarget: endpoint.maxLimit + 1 }, PRICES)).toEqual({
    calls: 2,
    mostCalls: 4,
    low: 2 * one,
    high: 4 * PRICES.call + 2 * (endpoint.maxLimit + 1) * PRICES.item,
    cheapestCall: one,
  });
  expect(await estimateJob({ endpoint, targets, maxItemsPerTarget: null }, PRICES)).toMatchObject({ high: null });
});

test('an estimate stays a number that can be counted with, however much a user allows', async () => {
  const job = { endpoint: ENDPOINTS.domain_pages, targets: ['a.com'], maxItemsPerTarget: Number.MAX_SAFE_INTEGER };
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
  expect(itemLimit(2500, { roots: 7, maxLimit: 1000 })).toBe(2500);
  expect(itemLimit(null, { roots: 1_000_000, maxLimit: 1000 })).toBe(100_000);
  expect(itemLimit(null, { roots: 1, maxLimit: 1000 })).toBe(100_000_000_000);
});
