import { expect, test } from 'vitest';
import { callLease, type Message } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { momentOf } from '../moment.js';
import { countsOf, openSpace, planJob, type Space, settlement } from '../planning/space.js';
import { asked, granted, mortalWorkerOn, workerOn } from './permit-workers.js';

const leasesOf = (space: Space) => space.redis.zrange(space.keys.leases('acme'), '0', '-1');

async function messagesOf(space: Space, calls: number): Promise<Message<'call'>[]> {
  await planJob(space, { calls, rows: 1 });
  return dispatch(space, calls);
}

/** What a restart from an older file, or a fail-over, looks like: the keys of another server. */
async function anotherServer(space: Space): Promise<void> {
  await space.redis.hset(space.keys.permit('acme'), 'run', 'another');
}

async function loseKeys(space: Space): Promise<void> {
  await space.redis.del(space.keys.permit('acme'), space.keys.leases('acme'), space.keys.waiting('acme'));
}

test('where the keys are missing, every slot is taken but for those that a living worker holds', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 4, leaseMs: 3000 };
  const worker = await workerOn(space, 'one', limits);
  const [first, second, third] = await messagesOf(space, 3);
  const held = await granted(worker, first);
  await loseKeys(space);
  const next = granted(worker, second);
  await expect.poll(() => leasesOf(space)).toContain(held.lease);
  expect(await leasesOf(space)).toHaveLength(limits.maxInFlight);
  // The slot that is known to be free again can be used at once; the others when their time is over.
  await worker.release(held.lease);
  const { lease } = await next;
  expect(await leasesOf(space)).toEqual(expect.arrayContaining([lease, 'lost:1', 'lost:2', 'lost:3']));
  await granted(worker, third);
  expect((await leasesOf(space)).filter((name) => name.startsWith('lost:'))).toEqual([]);
});

test('from another server, leases of calls that are sending come back, and grants go on after a second', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 2 };
  const [gone, alive] = [await workerOn(space, 'gone', limits), await workerOn(space, 'alive', limits)];
  const [first, second, third] = await messagesOf(space, 3);
  const lost = await granted(gone, first);
  await anotherServer(space);
  await space.redis.del(space.keys.leases('acme'));
  const next = await granted(alive, second);
  expect(await leasesOf(space)).toEqual(expect.arrayContaining([lost.lease, next.lease]));
  expect(next.sentAt - lost.sentAt).toBeGreaterThanOrEqual(1000);
  const last = granted(alive, third);
  await gone.release(lost.lease);
  await last;
});

test('a call whose grant was lost with the last second is sending again, and is not sent by another', async () => {
  const space = await openSpace();
  const [one, two] = [await workerOn(space, 'one', {}), await workerOn(space, 'two', {})];
  const job = await planJob(space, { calls: 2, rows: 1 });
  const [message, other] = await dispatch(space, 2);
  if (message === undefined) throw new Error('no message');
  await granted(one, message);
  // As if Redis had come back from before the grant.
  const key = space.keys.call(job, message.call);
  await space.redis.hset(key, 'state', 'planned', 'attempt', '0');
  await space.redis.hset(space.keys.job(job), 'in_flight', '0', 'attempts', '0', 'reserved', '0');
  await space.redis.zrem(space.keys.sending, `tenant/${job.id}/${message.call}`);
  await anotherServer(space);
  await granted(two, other);
  expect(await asked(two, message)).toEqual({ granted: false, why: 'sending' });
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 2, attempts: 2 });
});

test('at the first start nothing is held back, and a second first start changes nothing', async () => {
  const space = await openSpace();
  await loseKeys(space);
  const worker = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first] = await messagesOf(space, 1);
  const { lease } = await granted(worker, first);
  await worker.firstBoot();
  expect(await leasesOf(space)).toEqual([lease]);
});

test('sends after a loss keep the distance from those before it', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxPerMinute: 600, maxInFlight: 50, leaseMs: 100 });
  const messages = await messagesOf(space, 5);
  const before = [];
  for (const message of messages.slice(0, 3)) before.push(await granted(worker, message));
  await loseKeys(space);
  const after = await granted(worker, messages[3]);
  const reserved = (before.at(-1)?.sentAt ?? 0) + 100;
  expect(after.sentAt).toBeGreaterThanOrEqual(reserved);
});

test('a worker that was alive and stays away keeps all free slots taken until it has told what it holds', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 3, leaseMs: 600_000 };
  const alive = await workerOn(space, 'alive', limits);
  const gone = await mortalWorkerOn(space, 'gone', limits);
  const [first, second] = await messagesOf(space, 2);
  const held = await granted(gone.permits, first);
  await Promise.all([alive.markTime(), gone.permits.markTime()]);
  for (const connection of [gone.redis, gone.subscriber]) connection.disconnect();
  await anotherServer(space);
  const next = granted(alive, second);
  await expect.poll(() => leasesOf(space)).toEqual([held.lease, 'missing:1', 'missing:2']);
  for (const connection of [gone.redis, gone.subscriber]) await connection.connect();
  const { lease } = await next;
  expect(await leasesOf(space)).toEqual([held.lease, lease]);
});

test('a worker that has withdrawn is not waited for', async () => {
  const space = await openSpace();
  const [alive, stopped] = [await workerOn(space, 'alive', {}), await mortalWorkerOn(space, 'stopped', {})];
  await Promise.all([alive.markTime(), stopped.permits.markTime()]);
  await stopped.permits.withdraw();
  for (const connection of [stopped.redis, stopped.subscriber]) connection.disconnect();
  await anotherServer(space);
  const [message] = await messagesOf(space, 1);
  const { lease } = await granted(alive, message);
  expect(await leasesOf(space)).toEqual([lease]);
});

test('what a worker has settled lately is settled again where it was lost, and its slot is free', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxInFlight: 1 });
  const job = await planJob(space, { calls: 2, rows: 1 });
  const [first, second] = await dispatch(space, 2);
  if (first === undefined) throw new Error('no message');
  await granted(worker, first);
  await worker.markTime();
  const goBack = await momentOf(space);
  await space.ledger.settle(first, settlement({ ok: 1, items: 3, cost: 24_000_003 }));
  await worker.end(callLease(first), { health: 'answered', sentAt: 0, ended: true });
  const settled = await countsOf(space, job);
  await goBack();
  await anotherServer(space);
  await granted(worker, second);
  expect(await countsOf(space, job)).toMatchObject({ ok: 1, spent: settled.spent, in_flight: 1, attempts: 2 });
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(1);
});
