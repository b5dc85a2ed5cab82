import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLruCache } from '../../src/cache/lru-cache.js';

const step = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  weight: fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
});

it('keeps the most recently used entries up to a weight, and the newest whatever it weighs', () => {
  fc.assert(
    fc.property(fc.array(step), fc.integer({ min: 1, max: 20 }), (steps, most) => {
      const recent = createLruCache<number>(most);
      // Newest first.
      let used: { key: string; weight: number }[] = [];
      for (const { key, weight } of steps) {
        const known = used.find((entry) => entry.key === key);
        if (weight === null) expect(recent.get(key)).toBe(known?.weight);
        else recent.set(key, weight, weight);
        const entry = weight === null ? known : { key, weight };
        if (entry === undefined) continue;
        used = [entry, ...used.filter((other) => other.key !== key)];
        while (used.length > 1 && used.reduce((sum, other) => sum + other.weight, 0) > most) used.pop();
      }
      for (const { key, weight } of used) expect(recent.get(key)).toBe(weight);
    }),
  );
});
