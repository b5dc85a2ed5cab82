import { FORMAT } from '@linkhaul/storage';
import { expect, onTestFinished, test } from 'vitest';
import { consume, createDispatcher, type Message } from '../../src/index.js';
import { dispatch, grant, placesOf, send } from '../messages.js';
import { openSpace, planJob, SENT_AT, type Space, settlement } from '../planning/space.js';
import { openRedis } from '../redis.js';

const HANDFUL = 8;

async function openDispatcher(space: Space, { maxInFlight, places }: { maxInFlight: number; places: number }) {
  const { redis, keys, queues } = space;
  onTestFinished(() => queues.close());
  const dispatcher = createDispatcher({ ...space, worker: 'w', maxInFlight });
  if (places > 0) await dispatcher.announce(places);
  const window = () => redis.zrange(keys.window, '0', '-1');
  const has = (message: Message<'call'>) => queues.has('call', message);
  return { dispatcher, queues, window, has };
}

test('the window holds no more calls than the slots and a handful', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 100 });
  const { dispatcher, window, has } = await openDispatcher(space, { maxInFlight: 3, places: 1000 });
  await Promise.all([dispatcher.fill(), dispatcher.fill(), dispatcher.fill()]);
  expect(await window()).toHaveLength(3 + HANDFUL);
  for (let call = 1; call <= 11; call++) expect(await has({ job, call, attempt: 1, dispatch: 1 })).toBe(true);
  await dispatcher.fill();
  expect(await window()).toHaveLength(3 + HANDFUL);
});

test('nor more than the workers have places; without workers it stays empty', async () => {
  const space = await openSpace();
  await planJob(space, { calls: 100 });
  const { dispatcher, window } = await openDispatcher(space, { maxInFlight: 30, places: 0 });
  await dispatcher.fill();
  expect(await window()).toEqual([]);
  await dispatcher.announce(2);
  await dispatcher.fill();
  expect(await window()).toHaveLength(2);
  await dispatcher.announce(2);
  await dispatcher.fill();
  expect(await window()).toHaveLength(2);
  await dispatcher.withdraw();
  await dispatcher.announce(5);
  await dispatcher.fill();
  expect(await window()).toHaveLength(5);
});

/** The job of each of the next calls, one entering the window at a time. */
async function nextJobs(space: Space, names: ReadonlyMap<string, string>, calls: number): Promise<string[]> {
  const order: string[] = [];
  for (let at = 0; at < calls; at++) {
    const message = await send(space);
    order.push(names.get(message.job.id) ?? '');
    await space.ledger.settle(message, settlement({ ok: 10 }));
  }
  return order;
}

test('turns go round the tenants, and within a tenant round its jobs; a newcomer waits one round at most', async () => {
  const space = await openSpace();
  const names = new Map<string, string>();
  const add = async (tenant: string, name: string) => {
    names.set((await planJob(space, { calls: 50 }, { tenant })).id, name);
  };
  await add('a', 'a1');
  await add('a', 'a2');
  await add('b', 'b1');
  expect(await nextJobs(space, names, 8)).toEqual(['a1', 'b1', 'a2', 'b1', 'a1', 'b1', 'a2', 'b1']);
  await add('c', 'c1');
  expect((await nextJobs(space, names, 3)).toSorted()).toEqual(['a1', 'b1', 'c1']);
  await add('b', 'b2');
  expect(await nextJobs(space, names, 6)).toContain('b2');
});

test('a call that waits out a delay leaves its place to another, and comes back', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 3 });
  const { dispatcher, window, has } = await openDispatcher(space, { maxInFlight: 1, places: 1 });
  await dispatcher.fill();
  expect(await window()).toHaveLength(1);
  const first = { job, call: 1, attempt: 1, dispatch: 1 };
  await grant(space, first);
  await space.ledger.defer(first, { cost: 0, delayMs: 3_600_000, sentAt: SENT_AT, countsAs: 'failure' });
  await dispatcher.fill();
  expect(await placesOf(space, job)).toMatchObject({ window: [2], later: [1] });
  await space.redis.zadd(space.keys.later, 0, `${job.tenant}/${job.id}/1`);
  const second = { job, call: 2, attempt: 1, dispatch: 1 };
  await grant(space, second);
  await space.ledger.settle(second, settlement({ ok: 10 }));
  await dispatcher.fill();
  expect(await placesOf(space, job)).toMatchObject({ window: [1], later: [] });
  expect(await has({ job, call: 1, attempt: 2, dispatch: 2 })).toBe(true);
});

test('messages that were lost on their way are restored, once, and what is settled leaves the window', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const { dispatcher, queues, window, has } = await openDispatcher(space, { maxInFlight: 10, places: 10 });
  const lost = await dispatch(space);
  const settled = `${job.tenant}/${job.id}/77`;
  await space.redis.zadd(space.keys.window, 1, settled);
  await dispatcher.restoreLost();
  expect(await Promise.all(lost.map(has))).toEqual([false, false]);
  for (const name of await window()) await space.redis.zadd(space.keys.window, 1, name);
  await dispatcher.restoreLost();
  await dispatcher.restoreLost();
  expect(await Promise.all(lost.map(has))).toEqual([true, true]);
  expect(await window()).not.toContain(settled);
  const taken = await takeMessages(space, 2);
  expect(taken.toSorted((a, b) => a.call - b.call)).toEqual(lost);
  expect(await queues.has('call', { job: { tenant: 'none', id: 'none' }, call: 1, attempt: 1, dispatch: 1 })).toBe(
    false,
  );
});

async function takeMessages(space: Space, count: number): Promise<Message<'call'>[]> {
  const taken: Message<'call'>[] = [];
  await new Promise<void>((resolve, reject) => {
    void openRedis().then((connection) => {
      const consumer = consume({
        connection,
        keys: space.keys,
        timing: space.timing,
        name: 'call',
        concurrency: 5,
        onError: reject,
        onNewer: (error) => Promise.reject(error),
        handle: async (message) => {
          if (taken.push(message) === count) resolve();
        },
      });
      onTestFinished(() => consumer.close());
    });
  });
  return taken;
}

test('a paused job is not dispatched, and goes on where it stopped when it is resumed', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 5 });
  const { dispatcher, window } = await openDispatcher(space, { maxInFlight: 1, places: 2 });
  await dispatcher.fill();
  expect(await placesOf(space, job)).toMatchObject({ window: [1, 2] });
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  for (const call of [1, 2]) {
    const message = { job, call, attempt: 1, dispatch: 1 };
    expect(await grant(space, message)).toEqual({ granted: false, why: 'paused' });
    await space.ledger.shelve(message);
  }
  await dispatcher.fill();
  expect(await window()).toEqual([]);
  await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  await dispatcher.fill();
  expect(await placesOf(space, job)).toMatchObject({ window: [1, 2], ready: [] });
});

test('through BullMQ every call is handed out, and a job runs to its end', async () => {
  const space = await openSpace();
  const jobs = [await planJob(space, { calls: 20 }), await planJob(space, { calls: 15 }, { tenant: 'other' })];
  const { dispatcher, window } = await openDispatcher(space, { maxInFlight: 2, places: 6 });
  const connection = await openRedis();
  let most = 0;
  await new Promise<void>((resolve, reject) => {
    let open = jobs.length;
    const consumer = consume({
      connection,
      keys: space.keys,
      timing: space.timing,
      name: 'call',
      concurrency: 6,
      onError: reject,
      onNewer: (error) => Promise.reject(error),
      handle: async (message) => {
        most = Math.max(most, (await window()).length);
        await grant(space, message);
        const { last } = await space.ledger.settle(message, settlement({ ok: 10 }));
        await dispatcher.fill();
        if (last && --open === 0) resolve();
      },
    });
    onTestFinished(() => consumer.close());
    void dispatcher.fill();
  });
  for (const job of jobs) expect(await space.jobSteps.finish(job)).toBe('completed');
  expect(most).toBeLessThanOrEqual(6);
});

test('jobs of a newer version are passed over, without cost to the others of their tenant and to other tenants', async () => {
  const space = await openSpace();
  const [newer, own] = [await planJob(space, { calls: 3 }), await planJob(space, { calls: 3 })];
  const others = [
    await planJob(space, { calls: 3 }, { tenant: 'a' }),
    await planJob(space, { calls: 2 }, { tenant: 'z' }),
  ];
  const newest = await planJob(space, { calls: 3 }, { tenant: 'm' });
  for (const job of [newer, newest]) await space.redis.hset(space.keys.job(job), 'format', FORMAT + 1);
  const sentOf = async () => (await dispatch(space)).map(({ job }) => job.id);
  const sent = await sentOf();
  expect(sent.filter((id) => id === own.id)).toHaveLength(3);
  expect(sent.filter((id) => others.some((job) => job.id === id))).toHaveLength(5);
  expect(sent).toHaveLength(8);
  expect(await sentOf()).toEqual([]);
  for (const job of [newer, newest]) await space.redis.hset(space.keys.job(job), 'format', FORMAT);
  expect((await sentOf()).toSorted()).toEqual([...Array(3).fill(newer.id), ...Array(3).fill(newest.id)].toSorted());
});
