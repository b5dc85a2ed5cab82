import { expect, test } from 'vitest';
import { newJobId } from '../../src/index.js';
import { describeJob } from '../accept-job.js';
import { openSpace } from '../planning/space.js';

const HOUR_MS = 3_600_000;

test('an upload becomes a job or is given up, never both', async () => {
  const { redis, keys, uploads, removals, store } = await openSpace();
  const accept = (id: string) =>
    store.accept({
      description: describeJob({ id }),
      by: 'tenant',
      counts: { valid: 1, invalid: 0, duplicates: 0, estimatedNanos: 0 },
      bounds: { maxCost: null, deadline: null },
    });
  // Redis knows both scripts from here on: one that is still to be loaded would always come second.
  await Promise.all([accept(newJobId(Date.now())), removals.giveUp(1)]);
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const job = { tenant: 'tenant', id: newJobId(Date.now()) };
      await uploads.begin(job);
      await redis.zincrby(keys.uploads, -HOUR_MS, `tenant/${job.id}`);
      const [{ kind }] = await Promise.all([accept(job.id), removals.giveUp(1)]);
      const isGivenUp = (await redis.zscore(keys.removed, `tenant/${job.id}`)) !== null;
      const isJob = (await store.get(job)) !== null;
      expect([kind, isJob]).toEqual(isGivenUp ? ['given_up', false] : ['accepted', true]);
      return kind;
    }),
  );
  expect(new Set(outcomes)).toEqual(new Set(['accepted', 'given_up']));
  expect(await redis.exists(keys.uploads)).toBe(0);
  // It never began, or ended already.
  expect(await accept(newJobId(Date.now()))).toEqual({ kind: 'given_up' });
});
