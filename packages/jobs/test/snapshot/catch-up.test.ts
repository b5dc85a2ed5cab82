import type { Backend, JobRef } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { type CaughtUp, createCatchUp, createSnapshots } from '../../src/index.js';
import { lookUpScript } from '../../src/permit/grant.js';
import { acceptJob } from '../accept-job.js';
import { Model, ROWS } from '../call/model.js';
import { Run } from '../call/model-run.js';
import { step } from '../call/model-steps.js';
import { send } from '../messages.js';
import { momentOf } from '../moment.js';
import { openSpace, planJob, recordOf, type Space, settlement, spaceOn } from '../planning/space.js';
import { newPrefix, testRedisUrl } from '../redis.js';
import { contentsOf, know, openStorage, sumsIn } from './kept.js';

const SERVER = /^run_id:(\S+)/m;

/** A service whose Redis has all that storage has. */
async function openCurrent() {
  const [space, storage] = [await openSpace(), await openStorage()];
  await beCurrent(space);
  return { space, storage, snapshots: createSnapshots(space, storage) };
}

async function beCurrent(space: Space): Promise<void> {
  await know(space);
  await space.redis.hset(space.keys.installation, { current: await serverOf(space) });
}

async function serverOf({ redis }: Space): Promise<string> {
  return SERVER.exec(await redis.info('server'))?.[1] ?? '';
}

/** The returned function brings Redis back to this moment, as a server that was just started. */
async function momentBefore(space: Space): Promise<() => Promise<void>> {
  const goBack = await momentOf(space);
  return async () => {
    await goBack();
    await space.redis.hset(space.keys.installation, { current: 'another' });
  };
}

async function catchUp(space: Space, storage: Backend): Promise<CaughtUp[]> {
  const done: CaughtUp[] = [];
  const { keys, timing } = space;
  const settings = { address: { kind: 'server' as const, url: testRedisUrl() }, prefix: keys.root };
  await createCatchUp({ settings, timing, storage, say: (one) => done.push(one) })(await serverOf(space));
  return done;
}

/** A job of the same tenant that has cost something. */
async function buy(space: Space): Promise<JobRef> {
  const job = await planJob(space, { calls: 1 });
  await space.ledger.settle(await send(space), settlement({ ok: 10, items: 3, cost: 24_000_003 }));
  return job;
}

test('whatever was done since the moment to which Redis goes back, all that a later snapshot holds is back, with all sums', async () => {
  const { redis, subscriber } = await openSpace();
  const storage = await openStorage();
  const steps = fc.array(step, { minLength: 5, maxLength: 30, size: 'max' });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('bulk', 'list'), steps, steps, async (kind, earlier, later) => {
      const space = spaceOn({ redis, subscriber, prefix: newPrefix(redis) });
      await space.permitsOf('first').firstBoot();
      await beCurrent(space);
      const snapshots = createSnapshots(space, storage);
      const other = await buy(space);
      const job = await planJob(space, { calls: 4, rows: ROWS });
      const run = new Run(space, job, new Model(kind, 4));
      const jobs = [other, job];
      for (const at of earlier) await run.take(at);
      for (const one of jobs) await snapshots.keepJob(one);
      const goBack = await momentBefore(space);
      for (const at of later) await run.take(at);
      const added = await planJob(space, { calls: 1, rows: ROWS });
      for (const one of [...jobs, added]) await snapshots.keepJob(one);
      const before = sumsIn(await contentsOf(redis, space.keys.root));
      await goBack();
      await Promise.all([catchUp(space, storage), catchUp(space, storage)]);
      expect(sumsIn(await contentsOf(redis, space.keys.root))).toEqual(before);
      await storage.remove('snapshots');
    }),
    { numRuns: tries(12), endOnFailure: true },
  );
});

test('what was acknowledged since then is back: a job with its key, a pause, a removal, keys made and revoked', async () => {
  const { space, storage, snapshots } = await openCurrent();
  const { jobSteps, apiKeys, removals, store } = space;
  const [paused, gone] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  await jobSteps.act(gone, { action: 'cancel', by: 'tenant' });
  await jobSteps.finish(gone);
  await store.retire(gone);
  const revoked = await apiKeys.create('tenant', { name: 'old', scope: 'read' });
  for (const job of [paused, gone]) await snapshots.keepJob(job);
  await snapshots.keepTenant('tenant');
  const goBack = await momentBefore(space);

  const accepted = await acceptJob(space, { valid: 10 });
  await jobSteps.act(paused, { action: 'pause', by: 'tenant', reason: 'user' });
  expect(await removals.remove(gone)).toMatchObject({ result: 'done' });
  for (const job of [accepted, paused, gone]) await snapshots.keepJob(job);
  await apiKeys.revoke('tenant', revoked?.key.id ?? '');
  const made = await apiKeys.create('tenant', { name: 'new', scope: 'admin' });
  await snapshots.keepTenant('tenant');
  await goBack();
  expect(await store.get(accepted)).toBeNull();

  const names = [accepted, paused, gone].map(({ tenant, id }) => `${tenant}/${id}`);
  expect(await catchUp(space, storage)).toEqual([{ restored: ['tenant', ...names.sort()], unreadable: [] }]);
  expect(await recordOf(space, accepted)).toMatchObject({ status: 'queued' });
  expect(await store.active()).toContain(`tenant/${accepted.id}`);
  expect(await recordOf(space, paused)).toMatchObject({ status: 'paused', reason: 'user' });
  expect(await store.get(gone)).toBeNull();
  expect(await removals.leftovers(10)).toEqual([gone]);
  expect(await apiKeys.find(revoked?.secret ?? '')).toBeNull();
  expect(await apiKeys.find(made?.secret ?? '')).toMatchObject({ scope: 'admin' });
  expect(await catchUp(space, storage)).toEqual([]);
});

test('before it has caught up no snapshot is taken, no call is sent, and workers tell again what they hold', async () => {
  const { space, snapshots } = await openCurrent();
  const { run, redis, keys, permitsOf } = space;
  const server = await serverOf(space);
  const permit = { account: 'acme', worker: 'one', run_id: server, slots: 9, interval_us: 1, lease_us: 1e9 };
  const ask = () => run(lookUpScript, { ...permit, lease: 'look-up:one', more: false });
  const job = await planJob(space, { calls: 1 });
  await space.redis.hset(space.keys.installation, { current: 'another' });
  await expect(snapshots.keepJob(job)).rejects.toThrow('storage has');
  await expect(snapshots.keepTenant('tenant')).rejects.toThrow('storage has');
  expect(await ask()).toMatchObject({ kind: 'wait', reason: 'reopening' });
  await redis.sadd(keys.missing('acme'), 'one');
  await permitsOf('one').markTime();
  expect(await redis.smembers(keys.missing('acme'))).toEqual(['one']);
  await redis.hset(keys.installation, { current: server });
  await permitsOf('one').markTime();
  expect(await redis.exists(keys.missing('acme'))).toBe(0);
  expect(await ask()).toMatchObject({ kind: 'granted' });
});

test('what is not newer stays away: snapshots of another era, and of a job of which only the usage was kept', async () => {
  const { space, storage, snapshots } = await openCurrent();
  const { redis, keys } = space;
  const [other, buried] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  await redis.hset(keys.installation, { era: 'before' });
  await snapshots.keepJob(other);
  await redis.hdel(keys.installation, 'era');
  await snapshots.keepJob(buried);
  for (const job of [other, buried]) await redis.hdel(keys.snapshots, `${job.tenant}/${job.id}`);
  await redis.zadd(keys.buried, 9e12, `${buried.tenant}/${buried.id}`);
  const before = await contentsOf(redis, keys.root);
  await redis.hset(keys.installation, { current: 'another' });
  expect(await catchUp(space, storage)).toEqual([]);
  expect(await contentsOf(redis, keys.root)).toEqual(before);
});

test('an event that was lost before anybody was told is made again; one that has a delivery is not', async () => {
  const { space, storage, snapshots } = await openCurrent();
  const { redis, keys, jobSteps, events, deliveries } = space;
  const [untold, told] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  const goBack = await momentBefore(space);
  for (const job of [untold, told]) await jobSteps.act(job, { action: 'pause', by: 'tenant', reason: 'user' });
  const place = (await recordOf(space, told)).lastEvent ?? '';
  const at = { tenant: told.tenant, place };
  const said = { event: 'job.paused', url: 'http://127.0.0.1:1', allowPrivate: true, body: '{}' } as const;
  await deliveries.record({ ...said, id: 'evt_1', at, job: told.id });
  for (const job of [untold, told]) await snapshots.keepJob(job);
  await goBack();
  await redis.del(keys.outbox);
  await catchUp(space, storage);
  const waiting = await events.outbox();
  expect(waiting).toHaveLength(1);
  const [again] = waiting;
  expect(again && (await events.get(again))).toMatchObject({
    type: 'job.paused',
    job: { description: { id: untold.id } },
  });
});

test('a process that comes late restores nothing: another one has caught up', async () => {
  const { space, storage, snapshots } = await openCurrent();
  const job = await planJob(space, { calls: 1 });
  const goBack = await momentBefore(space);
  await snapshots.keepJob(job);
  await goBack();
  const { redis, keys } = space;
  await redis.del(keys.job(job));
  await redis.hset(keys.installation, { current: await serverOf(space) });
  expect(await catchUp(space, storage)).toEqual([]);
  expect(await space.store.get(job)).toBeNull();
});
