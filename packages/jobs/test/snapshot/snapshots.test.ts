import { expect, test } from 'vitest';
import { createSnapshots } from '../../src/index.js';
import { openSpace, planJob } from '../planning/space.js';
import { openStorage } from './kept.js';

test('what has changed is due after a while, and what was taken and never stored is taken again', async () => {
  const storage = await openStorage();
  const space = await openSpace();
  const { redis, keys } = space;
  const snapshots = createSnapshots({ ...space, timing: { ...space.timing, snapshotMs: 0 } }, storage);
  const job = await planJob(space, { calls: 1 });
  const name = `${job.tenant}/${job.id}`;
  expect(await snapshots.due(10)).toEqual([name]);
  const broken = { ...storage, put: () => Promise.reject(new Error('storage is away')) };
  await expect(createSnapshots(space, broken).keepJob(job)).rejects.toThrow('away');
  expect(await snapshots.due(10)).toEqual([]);
  const [unstored = ''] = await redis.zrange(keys.keeping, '0', '-1');
  await redis.zincrby(keys.keeping, -60_000, unstored);
  expect(await snapshots.due(10)).toEqual([unstored]);
  await snapshots.keep(unstored);
  expect(await snapshots.due(10)).toEqual([]);
  expect(await redis.exists(keys.keeping, keys.unkept)).toBe(0);
  expect(await storage.list('snapshots')).toHaveLength(1);
});

test('jobs of an earlier version, which took no snapshots, get one', async () => {
  const storage = await openStorage();
  const space = await openSpace();
  const { redis, keys } = space;
  const snapshots = createSnapshots({ ...space, timing: { ...space.timing, snapshotMs: 0 } }, storage);
  const [first, second] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  await snapshots.keepJob(first);
  await redis.del(keys.unkept);
  await snapshots.markMissing();
  expect((await snapshots.due(10)).sort()).toEqual([second.tenant, `${second.tenant}/${second.id}`]);
});
