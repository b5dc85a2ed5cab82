import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createSnapshots } from '../../src/index.js';
import { Model, ROWS } from '../call/model.js';
import { Run } from '../call/model-run.js';
import { step } from '../call/model-steps.js';
import { openSpace, planJob, spaceOn } from '../planning/space.js';
import { newPrefix } from '../redis.js';
import { contentsOf, know, loseEverything, openStorage, recoverFrom, sumsIn } from './kept.js';

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

test('a hash of more fields than one transaction may write comes back whole, and leaves nothing aside', async () => {
  const space = await openSpace();
  const { redis, keys } = space;
  const storage = await openStorage();
  const job = await planJob(space, { calls: 12_000, rows: 1 });
  for (let from = 1; from <= 12_000; from += 1_000) {
    const some = Array.from({ length: 1_000 }, (_, at) => [String(from + at), '2']);
    await redis.hset(keys.attempts(job), ...some.flat());
  }
  await createSnapshots(space, storage).keepJob(job);
  const before = await contentsOf(redis, keys.root);
  await loseEverything(space);
  await recoverFrom(storage, space);
  expect(await contentsOf(redis, keys.root)).toEqual(before);
  expect(await redis.hlen(keys.attempts(job))).toBe(12_000);
  expect(await redis.pttl(keys.attempts(job))).toBe(-1);
  expect(await redis.keys(`${keys.root}:staged:*`)).toEqual([]);
});
