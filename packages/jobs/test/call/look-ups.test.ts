import { expect, test } from 'vitest';
import { callLease, createOrphans, createRecordLock } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { granted, workerOn } from '../permit/permit-workers.js';
import { DOUBT, never, openSpace, planJob } from '../planning/space.js';

const leasesOf = ({ redis, keys }: Awaited<ReturnType<typeof openSpace>>) =>
  redis.zrange(keys.leases('acme'), '0', '-1');

const HOUR_MS = 3_600_000;

test('one worker reads the record at a time, and the next when it has ended', async () => {
  const space = await openSpace();
  const [first, second] = [createRecordLock(space, 'acme'), createRecordLock(space, 'acme')];
  const swept: string[] = [];
  const done = await first.alone('one', async () => {
    expect(await second.alone('two', async () => void swept.push('two'))).toBe(false);
    swept.push('one');
  });
  expect(done).toBe(true);
  expect(await second.alone('three', async () => void swept.push('three'))).toBe(true);
  expect(swept).toEqual(['one', 'three']);
});

test('a reading that breaks off is over, and one whose lock is lost is told so', async () => {
  const space = await openSpace();
  const { redis, keys } = space;
  const recordLock = createRecordLock(space, 'acme');
  await expect(recordLock.alone('one', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const lost = recordLock.alone('two', async (signal) => {
    await redis.del(keys.recordLock('acme'));
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  expect(await lost).toBe(true);
});

test('the last look-ups of a minute are spread', async () => {
  const space = await openSpace();
  const permits = space.permitsOf('first');
  const recordLock = createRecordLock(space, 'acme');
  const read = (id: string) => recordLock.alone(id, async () => permits.release(await permits.lookUp(id, never)));
  const ids = Array.from({ length: 6 }, (_, at) => String(at));
  for (const id of ids) expect(await read(id)).toBe(true);
  expect(await read('too soon')).toBe(false);
  expect(await space.redis.pttl(space.keys.recordLock('acme'))).toBeGreaterThan(10_000);
});

test('a look-up does not wait for slots that only lost calls hold, and no call gets more slots by it', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1, leaseMs: 3_600_000 });
  await planJob(space, { calls: 2, rows: 1 });
  const [first, second] = await dispatch(space, 2);
  const { lease } = await granted(permits, first);
  let looked = false;
  const waiting = permits.lookUp('a', never).then((held) => {
    looked = true;
    return held;
  });
  await expect.poll(() => space.redis.zcard(space.keys.waiting('acme'))).toBe(1);
  expect(looked).toBe(false);

  if (first === undefined) throw new Error('nothing was dispatched');
  expect(callLease(first)).toBe(lease);
  await space.ledger.markUnknown(first, { ...DOUBT, lookUpAfterMs: 180_000 });
  const lookUp = await waiting;
  expect(await leasesOf(space)).toEqual(expect.arrayContaining([lease, lookUp]));
  const call = granted(permits, second);
  await permits.release(lookUp);
  expect(await leasesOf(space)).toEqual([lease]);
  await permits.release(lease);
  expect((await call).granted).toBe(true);
});

test('an unknown call is looked up soon, and no later than its record must show it', async () => {
  const space = await openSpace();
  await planJob(space, { calls: 2, rows: 1 });
  const [slow, fast] = await dispatch(space, 2);
  if (slow === undefined || fast === undefined) throw new Error('nothing was dispatched');
  for (const at of [slow, fast]) await granted(space.permitsOf('first'), at);
  const before = await space.calls.now();
  await space.ledger.markUnknown(slow, { ...DOUBT, lookUpAfterMs: 180_000 });
  await space.ledger.markUnknown(fast, DOUBT);
  const dueBy = async (ms: number) => (await space.calls.dueUnknown(before + ms)).map(({ call }) => call);
  expect(await dueBy(2_000)).toEqual([fast.call]);
  expect(await dueBy(10_000)).toEqual([fast.call, slow.call]);
});

test('calls of a worker that is silent are orphans; after an outage all workers are given time to be heard', async () => {
  const space = await openSpace();
  const { redis, keys, permitsOf } = space;
  await planJob(space, { calls: 2, rows: 1 });
  const [one, two] = await dispatch(space, 2);
  await granted(permitsOf('dead'), one);
  await granted(permitsOf('living'), two);
  const orphans = createOrphans(space, 'living');
  await orphans.beat();
  await createOrphans(space, 'dead').beat();
  expect(await orphans.find(3_600_000)).toEqual([]);

  const silent = (await space.calls.now()) - 11_000;
  await redis.zadd(keys.workers, silent, 'dead');
  expect(await orphans.find(3_600_000)).toEqual([]);
  await redis.set(keys.watch, silent);
  expect((await orphans.find(3_600_000)).map(({ call }) => call)).toEqual([one?.call]);
});

test('an overdue call is left to its worker while that is heard of, in the epoch of its sending, and a day at most', async () => {
  const space = await openSpace();
  const { redis, keys } = space;
  await planJob(space, { calls: 1, rows: 1 });
  const [at] = await dispatch(space, 1);
  if (at === undefined) throw new Error('nothing was dispatched');
  await granted(space.permitsOf('living'), at);
  const orphans = createOrphans(space, 'living');
  const now = await space.calls.now();
  const found = async (sent: { hoursAgo: number; epoch: number; heard: number }) => {
    await redis.zadd(keys.sending, 'XX', now - sent.hoursAgo * HOUR_MS, callLease(at).replace(/\.\d+$/, ''));
    await redis.set(keys.epoch, `first.run.${(now - sent.epoch * HOUR_MS) * 1000}`);
    await redis.zadd(keys.workers, now - sent.heard * HOUR_MS, 'living');
    return (await orphans.find(HOUR_MS)).map(({ call }) => call);
  };
  expect(await found({ hoursAgo: 2, epoch: 30, heard: 0 })).toEqual([]);
  expect(await found({ hoursAgo: 23, epoch: 30, heard: 0 })).toEqual([]);
  expect(await found({ hoursAgo: 25, epoch: 30, heard: 0 })).toEqual([at.call]);
  expect(await found({ hoursAgo: 2, epoch: 1, heard: 0 })).toEqual([at.call]);
  expect(await found({ hoursAgo: 0.5, epoch: 0, heard: 0 })).toEqual([]);
  expect(await found({ hoursAgo: 3, epoch: 30, heard: 2 })).toEqual([at.call]);
});
