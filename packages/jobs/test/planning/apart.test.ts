import { matchKey, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createSlices, packApart } from '../../src/index.js';
import { listTargets } from '../../src/planning/target-list.js';

const target = fc
  .record({ site: fc.integer({ min: 0, max: 6 }), page: fc.constantFrom('', '/', '/a', '/b', '/c') })
  .map(({ site, page }) => (page === '' ? `s${site}.com` : `https://s${site}.com${page}`));

test('targets that are packed apart share no call with others, all have one, and the caps hold', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(target, { maxLength: 40 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      fc.record({ maxTargets: fc.integer({ min: 1, max: 6 }), maxDomains: fc.constantFrom(null, 2, 3) }),
      async (targets, chances, caps) => {
        const order = targets.map((_, at) => ({ at, by: chances.next().value ?? 0 })).sort((a, b) => a.by - b.by);
        const apart = order.filter(({ by }) => by < 0.5).map(({ at }) => at);
        const list = await listTargets(caps, targets, createSlices());
        const packed = await packApart(caps, list, Int32Array.from(apart));
        const calls = Array.from({ length: packed.length }, (_, call) => [...packed.positions(call)]);
        expect(calls.flat().sort((a, b) => a - b)).toEqual(targets.map((_, at) => at));
        const isApart = new Set(apart);
        for (const call of calls) {
          const names = call.map((at) => targets[at] ?? '');
          expect(new Set(call.map((at) => isApart.has(at))).size).toBe(1);
          expect(call.length).toBeLessThanOrEqual(caps.maxTargets);
          expect(new Set(names.map(matchKey)).size).toBe(names.length);
          if (caps.maxDomains !== null)
            expect(new Set(names.map(registrableDomain)).size).toBeLessThanOrEqual(caps.maxDomains);
        }
      },
    ),
    { numRuns: tries(150) },
  );
});
