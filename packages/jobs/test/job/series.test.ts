import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slowTries } from '../../../../e2e/env.js';
import type { SeriesPoint } from '../../src/index.js';
import { send } from '../messages.js';
import { countsOf, openSpace, planJob, type Space, settlement } from '../planning/space.js';

const MOST_POINTS = 300;
const SUMMED = ['calls', 'ok', 'empty', 'failed', 'items', 'spent', 'answers', 'latencyMs'] as const;

type Sums = Record<(typeof SUMMED)[number] | 'longestMs', number>;

function sumsOf(points: readonly SeriesPoint[]): Sums {
  const sums = Object.fromEntries(SUMMED.map((name) => [name, points.reduce((sum, point) => sum + point[name], 0)]));
  return { ...sums, longestMs: Math.max(0, ...points.map(({ longestMs }) => longestMs)) } as Sums;
}

/** Puts points into Redis, as if time had passed. `steps`: how many points' times lie between each and the next. */
async function begin(space: Space, { steps, seed }: { steps: readonly number[]; seed: number }) {
  const job = await planJob(space, { calls: 1 });
  const { at } = { at: await send(space) };
  const now = Math.floor(Number((await space.redis.time())[0]));
  let time = now - steps.reduce((sum, step) => sum + step, 0);
  const texts = steps.map((step, index) => {
    time += step;
    const value = (factor: number) => (index * factor + seed) % 1009;
    return [time, 1, value(3), value(5), value(7) - 500, value(11), value(13) * 1e12, 1, value(17), value(17)].join();
  });
  await space.redis.rpush(space.keys.series(job), '1000', ...texts);
  return { job, at };
}

test('a series of too many points gets fewer and wider ones, and nothing is lost or moved', async () => {
  const space = await openSpace();
  const step = fc.oneof(
    { weight: 9, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 1e5 }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 298, maxLength: 300 }), fc.nat(1e6), async (steps, seed) => {
      const { job, at } = await begin(space, { steps, seed });
      const before = await space.series.of(job);
      await space.ledger.settle(at, settlement({ ok: 9, failed: 1, items: 9, cost: 12_345_678_901, latencyMs: 7 }));
      const { ms, points } = await space.series.of(job);
      expect(points.length).toBeLessThanOrEqual(MOST_POINTS);
      const now = { at: points.at(-1)?.at ?? 0, calls: 1, ok: 9, empty: 0, failed: 1, items: 9, spent: 12_345_678_901 };
      const all = [...before.points, { ...now, answers: 1, latencyMs: 7, longestMs: 7 }];
      for (const point of points) {
        expect(point.at % ms).toBe(0);
        const inside = all.filter((one) => one.at >= point.at && one.at < point.at + ms);
        expect(sumsOf([point])).toEqual(sumsOf(inside));
      }
      expect(sumsOf(points)).toEqual(sumsOf(all));
    }),
    { numRuns: slowTries(30) },
  );
});

test('rows that are run again, or whose answer is damaged, are taken from the outcome that they had', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const [first, second] = [await send(space), await send(space)];
  await space.ledger.settle(first, settlement({ ok: 4, empty: 2, failed: 4, items: 4, cost: 5 }));
  await space.ledger.settle(second, settlement({ ok: 10, items: 10, cost: 7 }));
  const damage = { kind: 'bulk', rows: 10, root: 2, step: 2, failedCode: null, isLater: false } as const;
  await space.ledger.damaged({ ...second, attempt: 1 }, { ...damage, counts: { empty: 0, failed: 0 } });
  const { ok, empty, failed, items, spent, done, failed_calls } = await countsOf(space, job);
  expect({ ok, empty, failed }).toEqual({ ok: 4, empty: 2, failed: 14 });
  const sums = sumsOf((await space.series.of(job)).points);
  expect(sums).toMatchObject({ ok, empty, failed, items, spent, calls: done + failed_calls, answers: 0 });
});
