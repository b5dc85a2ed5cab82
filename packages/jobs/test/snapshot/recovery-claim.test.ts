import { listSnapshots, readSnapshot } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import { accessTo, claimRecovery, createAftermath, createSnapshots } from '../../src/index.js';
import { openSpace, type Space } from '../planning/space.js';
import { openRedis } from '../redis.js';
import { claimIn, contentsOf, keptSpace, loseEverything } from './kept.js';

test.for([
  { how: 'another worker has made its own', end: async (space: Space) => void (await claimIn(space)) },
  { how: 'Redis has lost everything again', end: loseEverything },
  { how: 'Redis has lost everything again, and another recovery is asked for', end: askAgain },
])('a claim on a recovery writes nothing once it is over: $how', async ({ end }, { expect }) => {
  const { storage, space, job, stored } = await keptSpace();
  const { restoration, claim } = await claimIn(space);
  await end(space);
  const before = await contentsOf(space.redis, space.keys.root);
  await expect(restoration.restoreTenant(job.tenant, stored)).rejects.toThrow(/ended this recovery/);
  await expect(restoration.restoreJob(job, stored)).rejects.toThrow(/ended this recovery/);
  await expect(claim.note({ done: 1 })).rejects.toThrow(/ended this recovery/);
  await expect(claim.end('inst_test')).rejects.toThrow(/ended this recovery/);
  expect(await contentsOf(space.redis, space.keys.root)).toEqual(before);
  expect(await space.redis.hget(space.keys.installation, 'id')).toBeNull();
  await storage.close();
});

test('once a recovery has ended, no claim on it writes, and what was deleted since then stays away', async () => {
  const { space, job, stored } = await keptSpace();
  const { restoration, claim } = await claimIn(space);
  await restoration.restoreJob(job, stored);
  await claim.end('inst_test');
  await space.redis.del(space.keys.job(job), space.keys.snapshots);
  await expect(restoration.restoreJob(job, stored)).rejects.toThrow(/ended this recovery/);
  expect(await space.store.get(job)).toBeNull();
  expect(await space.recovery.read()).toMatchObject({ state: 'done', endedAt: expect.any(Number) });
  await expect(claimRecovery(accessTo(await openRedis(), space.keys.root), '')).rejects.toThrow(/ended this recovery/);
});

async function askAgain(space: Space): Promise<void> {
  await loseEverything(space);
  await space.recovery.ask({ go: false, by: 'admin' });
}

test('a snapshot that is taken during a recovery belongs to the era that is recovered', async () => {
  const { storage, space, job, stored } = await keptSpace();
  const { restoration } = await claimIn(space, { era: 'second' });
  await restoration.restoreJob(job, stored);
  await createSnapshots(space, storage).keepJob(job);
  const [listed] = await listSnapshots(storage);
  expect(listed && (await readSnapshot(storage, listed))).toMatchObject({ era: 'second' });
  expect(await storage.list('snapshots')).toHaveLength(1);
});

test.for(['no worker has begun an epoch', 'a worker has', 'its search has begun'])(
  "the upstream's record is searched from the last snapshot on: %s",
  async (state, { expect }) => {
    const space = await openSpace();
    const { redis, keys, permitsOf } = space;
    const { restoration } = await claimIn(space);
    await redis.del(keys.permit('acme'), keys.timeMark('acme'));
    if (state !== 'no worker has begun an epoch') await permitsOf('first').markTime();
    if (state === 'its search has begun') await redis.hset(keys.aftermath('acme'), { to: 9e12 });
    await restoration.searchRecordFrom('acme', 1_000_000);
    await permitsOf('first').markTime();
    const change = await createAftermath(space, 'acme').due(9e12);
    expect(change?.from).toBeLessThanOrEqual(1_000_000);
    expect(change?.to).toBeNull();
  },
);
