import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Backend, listSnapshots, parseStorageUrl, readSnapshot } from '@linkhaul/storage';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import {
  accessTo,
  claimRecovery,
  createAftermath,
  createRestoration,
  createRestoredUsage,
  createSnapshots,
  isOfRemovedJob,
} from '../../src/index.js';
import { Model, ROWS } from '../call/model.js';
import { Run } from '../call/model-run.js';
import { step } from '../call/model-steps.js';
import { openSpace, planJob, type Space, spaceOn } from '../planning/space.js';
import { newPrefix, openRedis } from '../redis.js';

async function openStorage(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshots-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const storage = parseStorageUrl(pathToFileURL(join(folder, 'storage')).href)?.open({
    address: { kind: 'server', url: '' },
    prefix: '',
  });
  if (storage === undefined) throw new Error('this is no storage');
  await storage.claim('inst_test');
  return storage;
}

/** What a recovery brings back, or what stands for it; not what workers say again, and nothing about the account. */
const RESTORED =
  /^(job:|jobs:|tag|active|expiring|unfinished|idempotency|window|later|sending|unknown|unpriced|open$|usage|tenant|delivery|api-key|default-webhook|webhook-secret|committed:.*:m)/;
/** A job waits for nobody's money after a recovery, and the next answer confirms the price again. */
const NOT_RESTORED = ['short', 'price_ok'];

/** Every key that is to be restored, with its value. */
async function contentsOf(redis: Redis, prefix: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const key of (await redis.keys(`${prefix}:*`)).sort()) {
    const name = key.slice(prefix.length + 1);
    if (RESTORED.test(name)) found[name] = await contentOf(redis, key);
  }
  return found;
}

async function contentOf(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'hash': {
      const fields = await redis.hgetall(key);
      return Object.fromEntries(Object.entries(fields).filter(([field]) => !NOT_RESTORED.includes(field)));
    }
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return (await redis.smembers(key)).sort();
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES');
    default:
      // A bitmap may hold any bytes; sums and settings are text.
      return (await redis.getBuffer(key))?.toString('latin1');
  }
}

/** Redis knows the installation, as after its first start, or after `storage adopt --empty`. */
async function know({ redis, keys }: Space): Promise<void> {
  await redis.hset(keys.installation, { id: 'inst_test' });
}

async function loseEverything({ redis, keys }: Space): Promise<void> {
  const all = await redis.keys(`${keys.root}:*`);
  if (all.length > 0) await redis.unlink(...all);
}

/** A worker's claim on the recovery, on a connection of its own. */
async function claimIn({ keys, recovery }: Space, { era = '' } = {}) {
  const access = accessTo(await openRedis(), keys.root);
  await recovery.ask({ go: false, by: 'admin' });
  const claim = await claimRecovery(access, era);
  return { claim, restoration: createRestoration(access, claim) };
}

async function recoverFrom(storage: Backend, space: Space): Promise<void> {
  const { restoration } = await claimIn(space);
  const usage = createRestoredUsage();
  const found = await Promise.all(
    (await listSnapshots(storage)).map(async (stored) => ({
      ...stored,
      snapshot: await readSnapshot(storage, stored),
    })),
  );
  for (const { owner, snapshot } of found) if (snapshot !== null && 'id' in owner) usage.add(owner.tenant, snapshot);
  await restoration.restoreUsage(usage);
  for (const { owner, snapshot } of found) {
    if (snapshot === null) throw new Error('it is gone');
    if (!('id' in owner)) await restoration.restoreTenant(owner.tenant, snapshot);
    else if (isOfRemovedJob(snapshot, owner)) await restoration.restoreRemoved(owner, snapshot);
    else await restoration.restoreJob(owner, snapshot);
  }
}

test('after any steps in any order, a snapshot restores all that Redis had of the job, its usage and its reserved money', async () => {
  const { redis, subscriber } = await openSpace();
  const storage = await openStorage();
  await fc.assert(
    fc.asyncProperty(
      fc.record({ kind: fc.constantFrom('bulk', 'list'), roots: fc.integer({ min: 1, max: 5 }) }),
      fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
      async ({ kind, roots }, steps) => {
        const space = spaceOn({ redis, subscriber, prefix: newPrefix(redis) });
        await space.permitsOf('first').firstBoot();
        const job = await planJob(space, { calls: roots, rows: ROWS });
        const run = new Run(space, job, new Model(kind, roots));
        for (const at of steps) await run.take(at);
        await createSnapshots(space, storage).keepJob(job);
        const before = await contentsOf(redis, space.keys.root);
        await loseEverything(space);
        await recoverFrom(storage, space);
        await recoverFrom(storage, space);
        expect(sumsIn(await contentsOf(redis, space.keys.root))).toEqual(sumsIn(before));
        await storage.remove('snapshots');
      },
    ),
    { numRuns: tries(12), endOnFailure: true },
  );
});

/** A sum that came to nothing may be missing. The money of all months counts as one sum: the model's sends and answers differ in their time. */
function sumsIn(contents: Record<string, unknown>): Record<string, unknown> {
  let committed = 0;
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(contents)) {
    if (name.startsWith('committed')) committed += Number(value);
    else if (!/^(usage:|open$|job:.*:usage$)/.test(name)) kept.push([name, value]);
    else {
      const sums = Object.entries(value ?? {}).filter(([, sum]) => sum !== '0');
      if (sums.length > 0) kept.push([name, Object.fromEntries(sums)]);
    }
  }
  return { ...Object.fromEntries(kept), committed };
}

test('a tenant comes back with its settings, its keys and its secret; a later snapshot counts', async () => {
  const storage = await openStorage();
  const space = await openSpace();
  const { tenants, apiKeys, webhooks } = space;
  const snapshots = createSnapshots(space, storage);
  await know(space);
  await tenants.setBudget('acme', { budget: 5, period: 'day' });
  const kept = await apiKeys.create('acme', { name: 'kept', scope: 'read' });
  const gone = await apiKeys.create('acme', { name: 'gone', scope: 'admin' });
  await snapshots.keepTenant('acme');
  await apiKeys.revoke('acme', gone?.key.id ?? '');
  const secret = await webhooks.secretOf('acme', null);
  await webhooks.rotateSecret('acme');
  const secrets = await webhooks.signingSecrets('acme', null);
  expect(secrets[1]).toBe(secret);
  await snapshots.keepTenant('acme');
  expect(await storage.list('snapshots')).toHaveLength(1);
  await loseEverything(space);
  await recoverFrom(storage, space);
  expect(await tenants.money('acme')).toMatchObject({ own: { budget: 5, period: 'day' } });
  expect((await apiKeys.find(kept?.secret ?? ''))?.id).toBe(kept?.key.id);
  expect(await apiKeys.find(gone?.secret ?? '')).toBeNull();
  expect(await webhooks.signingSecrets('acme', null)).toEqual(secrets);
});

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
  await expect(restoration.restoreRemoved(job, stored)).rejects.toThrow(/ended this recovery/);
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
  await space.redis.del(space.keys.job(job));
  await expect(restoration.restoreJob(job, stored)).rejects.toThrow(/ended this recovery/);
  expect(await space.store.get(job)).toBeNull();
  expect(await space.recovery.read()).toMatchObject({ state: 'done', endedAt: expect.any(Number) });
  await expect(claimRecovery(accessTo(await openRedis(), space.keys.root), '')).rejects.toThrow(/ended this recovery/);
});

async function askAgain(space: Space): Promise<void> {
  await loseEverything(space);
  await space.recovery.ask({ go: false, by: 'admin' });
}

/** A Redis that has lost everything, and the snapshot of a job that it had. */
async function keptSpace() {
  const storage = await openStorage();
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  await createSnapshots(space, storage).keepJob(job);
  const [listed] = await listSnapshots(storage);
  const stored = listed && (await readSnapshot(storage, listed));
  if (!stored) throw new Error('there is no snapshot');
  await loseEverything(space);
  return { storage, space, job, stored };
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

test('a tenant whose last key and setting were taken away has none after a recovery', async () => {
  const storage = await openStorage();
  const space = await openSpace();
  const snapshots = createSnapshots(space, storage);
  await know(space);
  const only = await space.apiKeys.create('acme', { name: 'only', scope: 'admin' });
  await snapshots.keepTenant('acme');
  await space.apiKeys.revoke('acme', only?.key.id ?? '');
  await snapshots.keepTenant('acme');
  await loseEverything(space);
  await recoverFrom(storage, space);
  expect(await space.apiKeys.find(only?.secret ?? '')).toBeNull();
});

test('where Redis has forgotten how many snapshots there are, the next one counts all the same', async () => {
  const storage = await openStorage();
  const space = await openSpace();
  const snapshots = createSnapshots(space, storage);
  await know(space);
  for (const weight of [1, 2, 3]) {
    await space.tenants.setWeight('acme', weight);
    await snapshots.keepTenant('acme');
  }
  await loseEverything(space);
  await know(space);
  await space.tenants.setWeight('acme', 5);
  await snapshots.keepTenant('acme');
  await loseEverything(space);
  await recoverFrom(storage, space);
  expect(await space.tenants.weight('acme')).toBe(5);
});

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
