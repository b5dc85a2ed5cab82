import { FORMAT, NewerFormat } from '@linkhaul/storage';
import { expect, onTestFinished, test } from 'vitest';
import { consume, type Message } from '../../src/index.js';
import { openSpace, planJob, type Space } from '../planning/space.js';
import { openRedis } from '../redis.js';

const MESSAGE: Message<'call'> = { job: { tenant: 'tenant', id: 'job_1' }, call: 1, attempt: 1, dispatch: 1 };

/** A worker's end of the queue. `refusals`: how many messages its work cannot read at first. */
async function takeCalls(space: Space, refusals = 0) {
  const taken: Message<'call'>[] = [];
  const waiting: string[] = [];
  const left: Message<'call'>[] = [];
  const errors: unknown[] = [];
  const consumer = consume({
    connection: await openRedis(),
    keys: space.keys,
    timing: { ...space.timing, newerMs: 20 },
    name: 'call',
    concurrency: 1,
    onError: (error) => errors.push(error),
    async onNewer({ message }, readable) {
      waiting.push(message);
      if (readable !== null) left.push(readable);
      return readable !== null;
    },
    async handle(message) {
      if (waiting.length < refusals) throw new NewerFormat('what it needs', FORMAT + 1);
      taken.push(message);
    },
  });
  onTestFinished(() => consumer.close());
  return { taken, waiting, left, errors };
}

async function addCall(space: Space, changes: Record<string, unknown>): Promise<string> {
  const { queues, redis, keys } = space;
  await queues.addCalls([MESSAGE]);
  const [key = ''] = await redis.keys(`${keys.bull}:call:call-*`);
  const { v, ...message } = JSON.parse((await redis.hget(key, 'data')) ?? '');
  expect(v).toBe(FORMAT);
  await redis.hset(key, 'data', JSON.stringify({ ...message, ...changes }));
  return key;
}

test('a message of a newer version waits until somebody understands it, and loses no attempt', async () => {
  const space = await openSpace();
  const key = await addCall(space, { v: FORMAT + 1, job: { only: 'a newer version knows' } });
  const { taken, waiting, errors } = await takeCalls(space);
  await expect.poll(() => waiting.length).toBeGreaterThan(25);
  expect(new Set(waiting)).toEqual(
    new Set([
      `a message of the queue call has format ${FORMAT + 1}, and this version of Linkhaul reads formats up to ${FORMAT}: upgrade this process`,
    ]),
  );
  expect([taken, errors, await space.redis.hget(key, 'atm')]).toEqual([[], [], null]);
  await space.redis.hset(key, 'data', JSON.stringify({ v: FORMAT, ...MESSAGE }));
  await expect.poll(() => taken).toEqual([MESSAGE]);
});

test('a message of a newer version that can be read all the same may be given back', async () => {
  const space = await openSpace();
  const key = await addCall(space, { v: FORMAT + 1 });
  const { taken, left } = await takeCalls(space);
  await expect.poll(() => space.redis.exists(key)).toBe(0);
  expect([taken, left]).toEqual([[], [MESSAGE]]);
});

test('a message waits as well where what its work needs is of a newer version', async () => {
  const space = await openSpace();
  await addCall(space, { v: FORMAT });
  const { taken, waiting } = await takeCalls(space, 3);
  await expect.poll(() => taken).toEqual([MESSAGE]);
  expect(waiting).toHaveLength(3);
});

test('a message of a version without formats is understood', async () => {
  const space = await openSpace();
  await addCall(space, {});
  const { taken } = await takeCalls(space);
  await expect.poll(() => taken).toEqual([MESSAGE]);
});

test('a job belongs to the newest version that has worked on it', async () => {
  const space = await openSpace();
  const { store, redis, keys } = space;
  const job = await planJob(space, { calls: 1 });
  const format = () => redis.hget(keys.job(job), 'format');
  expect(await format()).toBe(String(FORMAT));
  await redis.hset(keys.job(job), 'format', FORMAT - 1);
  await store.takeUp(job);
  expect(await format()).toBe(String(FORMAT));
  await redis.hdel(keys.job(job), 'format');
  await store.takeUp(job);
  expect(await store.get(job)).not.toBeNull();
  await redis.hset(keys.job(job), 'format', FORMAT + 1);
  await expect(store.takeUp(job)).rejects.toBeInstanceOf(NewerFormat);
  await expect(store.get(job)).rejects.toThrow('a job in Redis has format');
  expect(await format()).toBe(String(FORMAT + 1));
  const gone = { tenant: 'tenant', id: 'job_gone' };
  await store.takeUp(gone);
  expect(await redis.exists(keys.job(gone))).toBe(0);
});
