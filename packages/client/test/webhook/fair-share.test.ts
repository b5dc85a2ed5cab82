import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createFairShare } from '../../src/index.js';

it('gives a tenant a few at once, and one more for each that it gives back', () => {
  const share = createFairShare();
  const releases = Array.from({ length: share.roomOf('a') }, () => share.take('a'));
  expect(releases).toHaveLength(10);
  expect([share.roomOf('a'), share.roomOf('b')]).toEqual([0, 10]);
  releases[0]?.();
  expect(share.roomOf('a')).toBe(1);
  for (const release of releases.slice(1)) release();
  expect(share.rooms()).toEqual({ free: 512, newcomer: 10, others: new Map() });
});

it('has one for a newcomer at once, however much others want, up to as many tenants as there are requests', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 99 }), (total, tenants) => {
      const share = createFairShare(total);
      for (let round = 0; round < 20; round++) {
        for (let tenant = 0; tenant < tenants; tenant++) if (share.roomOf(`t${tenant}`) > 0) share.take(`t${tenant}`);
      }
      const { free, newcomer, others } = share.rooms();
      expect(free).toBeGreaterThanOrEqual(0);
      expect(newcomer > 0).toBe(others.size < total);
    }),
  );
});
