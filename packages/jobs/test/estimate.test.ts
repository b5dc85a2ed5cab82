import { ENDPOINTS, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { estimateCost, highestCost, planCalls } from '../src/index.js';
import { countCalls } from '../src/planning/count-calls.js';
import { packGroups } from '../src/planning/packing.js';

const prices = { call: 24_000_000, item: 36_000 };

const sizes = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 2500 }), { maxLength: 300, size: 'max' }),
  fc
    .array(
      fc.tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 2, 9, 10, 11, 99, 333, 500, 501, 999, 1000, 1001)),
      { maxLength: 8 },
    )
    .map((runs) => runs.flatMap(([times, size]) => Array.from({ length: times }, () => size))),
);

test('calls are counted as they are packed, in any order of the groups', async () => {
  const caps = fc.record({ targets: fc.constantFrom(50, 64, 1000), domains: fc.constantFrom(1, 2, 9, 100) });
  await fc.assert(
    fc.asyncProperty(sizes, caps, async (some, cap) => {
      const packed = [...packGroups(some, cap)].length;
      expect(await countCalls(some, cap)).toBe(packed);
      expect(await countCalls(some.toReversed(), cap)).toBe(packed);
    }),
    { numRuns: 100 },
  );
  for (const targets of [1, 2, 3, 7]) {
    const cap = { targets, domains: 2 };
    expect(await countCalls([1, 2, 3, 4, 5, 13], cap)).toBe([...packGroups([1, 2, 3, 4, 5, 13], cap)].length);
  }
  expect(await countCalls([], { targets: 1000, domains: 100 })).toBe(0);
});

test('an estimate is the price of the real plan', async () => {
  const hosts = fc.constantFrom('a.com', 'b.a.com', 'b.com', 'c.co.uk', 'd.c.co.uk', 'e.org');
  const target = fc.tuple(hosts, fc.nat(400)).map(([host, page]) => (page === 0 ? host : `https://${host}/${page}`));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(target, { maxLength: 1500, size: 'max' }), async (targets) => {
      for (const endpoint of [ENDPOINTS.bulk_pages_summary, ENDPOINTS.bulk_backlinks]) {
        const sizeOf = new Map<string, number>();
        for (const domain of targets.map(registrableDomain)) sizeOf.set(domain, (sizeOf.get(domain) ?? 0) + 1);
        const domainSizes = sizeOf.values();
        const job = { endpoint, targets: targets.length, domainSizes, maxItemsPerTarget: 1000 };
        const calls = (await planCalls(endpoint, targets)).length;
        expect(await estimateCost(job, prices)).toBe(calls * prices.call + targets.length * prices.item);
      }
    }),
    { numRuns: 30 },
  );
});

test('an estimate of lists is that of all the items that the job allows', async () => {
  const endpoint = ENDPOINTS.referring_domains;
  const maxItemsPerTarget = endpoint.maxLimit + 1;
  const list = await estimateCost({ endpoint, targets: 2, domainSizes: [], maxItemsPerTarget }, prices);
  expect(list).toBe(4 * prices.call + 2 * maxItemsPerTarget * prices.item);
  expect(highestCost(prices, 0)).toBe(prices.call + prices.item);
});

test('an estimate stays a number that can be counted with, however much a user allows', async () => {
  const job = {
    endpoint: ENDPOINTS.domain_pages,
    targets: 1,
    domainSizes: [],
    maxItemsPerTarget: Number.MAX_SAFE_INTEGER,
  };
  expect(await estimateCost(job, prices)).toBe(Number.MAX_SAFE_INTEGER);
});
