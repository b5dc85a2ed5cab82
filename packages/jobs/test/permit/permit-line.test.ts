import { expect, test } from 'vitest';
import type { Message, Permits } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { openSpace, planJob, type Space } from '../planning/space.js';
import { granted, workerOn } from './permit-workers.js';

const leasesOf = (space: Space) => space.redis.zrange(space.keys.leases('acme'), '0', '-1');
const queueOf = (space: Space) => space.redis.zrange(space.keys.waiting('acme'), '0', '-1');

async function messagesOf(space: Space, calls: number): Promise<Message<'call'>[]> {
  await planJob(space, { calls, rows: 1 });
  return dispatch(space, calls);
}

test('a slot goes to the worker that has waited longest, whichever asks first', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 1 };
  const names = ['one', 'two', 'three'];
  const workers = await Promise.all(names.map((name) => workerOn(space, name, limits)));
  const [first, ...messages] = await messagesOf(space, 4);
  let lease = (await granted(workers[0] as Permits, first)).lease;
  const order: string[] = [];
  const waiting = [];
  for (const at of [1, 2, 0]) {
    const worker = workers[at] as Permits;
    waiting.push(
      granted(worker, messages[at]).then((grant) => {
        order.push(names[at] ?? '');
        lease = grant.lease;
        return worker.release(lease);
      }),
    );
    await expect.poll(() => queueOf(space)).toHaveLength(waiting.length);
  }
  await (workers[0] as Permits).release(lease);
  await Promise.all(waiting);
  expect(order).toEqual(['two', 'three', 'one']);
});

test('no worker starves another: with equal demand each gets its share', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 3 };
  const workers = [await workerOn(space, 'one', limits), await workerOn(space, 'two', limits)];
  const messages = await messagesOf(space, 80);
  const turns: number[] = [];
  await Promise.all(
    messages.map(async (message, at) => {
      const which = at % 2;
      const permits = workers[which] as Permits;
      const { lease } = await granted(permits, message);
      turns.push(which);
      // While both want more, a slot is given back only when both stand in the queue for it.
      await expect.poll(async () => turns.length >= 60 || (await queueOf(space)).length === 2).toBe(true);
      await permits.release(lease);
    }),
  );
  const half = turns.slice(0, 40);
  const ones = half.filter((which) => which === 0).length;
  expect(ones).toBeGreaterThanOrEqual(14);
  expect(ones).toBeLessThanOrEqual(26);
});

test('a job that comes later does not wait for all that another one has in line', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxInFlight: 1 });
  const large = await messagesOf(space, 5);
  await planJob(space, { calls: 1, rows: 1 });
  const small = await dispatch(space, 6);
  const [first, ...rest] = large;
  let { lease } = await granted(worker, first);
  const order: string[] = [];
  const waiting = [...rest, ...small].map(async (message) => {
    const grant = await granted(worker, message);
    order.push(message.job.id === first?.job.id ? 'large' : 'small');
    lease = grant.lease;
    await worker.release(lease);
  });
  await expect.poll(() => queueOf(space)).toEqual(['one']);
  await worker.release(lease);
  await Promise.all(waiting);
  expect(order).toEqual(['large', 'small', 'large', 'large', 'large']);
});

test('a worker that died in line is passed over', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first, second] = await messagesOf(space, 2);
  const { lease } = await granted(worker, first);
  await space.redis.zadd(space.keys.waiting('acme'), -5, 'dead');
  const next = granted(worker, second);
  await expect.poll(() => queueOf(space)).toEqual(['dead', 'one']);
  await worker.release(lease);
  expect(await leasesOf(space)).not.toContain('baton:dead');
  await next;
});

test('a worker whose waiters have gone leaves the line, and holds no slot', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 1 };
  const [one, two] = [await workerOn(space, 'one', limits), await workerOn(space, 'two', limits)];
  const [first, second, third] = await messagesOf(space, 3);
  const { lease } = await granted(one, first);
  const stop = new AbortController();
  const given = granted(one, second, stop.signal);
  await expect.poll(() => queueOf(space)).toEqual(['one']);
  stop.abort(new Error('stopping'));
  await expect(given).rejects.toThrow('stopping');
  await expect.poll(() => queueOf(space)).toEqual([]);
  await one.release(lease);
  await granted(two, third);
});

test('a slot that came for a call that may not be sent any more is handed on', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first, second] = await messagesOf(space, 2);
  const { lease } = await granted(worker, first);
  const refused = granted(worker, second);
  await expect.poll(() => queueOf(space)).toEqual(['one']);
  if (second !== undefined) await space.jobSteps.act(second.job, { action: 'pause', by: 'me', reason: 'user' });
  await worker.release(lease);
  await expect(refused).rejects.toThrow('paused');
  await expect.poll(() => leasesOf(space)).toEqual([]);
});

test('told twice that too many requests are open, the account uses fewer slots, and others come back by themselves', async () => {
  const space = await openSpace();
  const worker = await workerOn(space, 'one', { maxInFlight: 20 });
  const permit = space.keys.permit('acme');
  const cut = () => space.redis.hget(permit, 'cut');
  await worker.slow(1, 'in_flight');
  expect(await cut()).toBeNull();
  await expect.poll(async () => (await space.redis.exists(space.keys.accountWait('acme'))) === 0).toBe(true);
  await worker.slow(1, 'in_flight');
  expect(await cut()).toBe('2');
  // Refusals of requests that were open together tell nothing new.
  await worker.slow(10_000, 'in_flight');
  expect(await cut()).toBe('2');
  const [seconds] = await space.redis.time();
  await space.redis.hset(permit, 'cut_at', (Number(seconds) - 61) * 1_000_000, 'crowded_at', 0);
  await space.redis.del(space.keys.accountWait('acme'));
  const messages = await messagesOf(space, 20);
  const grants = await Promise.all(messages.slice(0, 19).map((message) => granted(worker, message)));
  const last = granted(worker, messages[19]);
  await expect.poll(() => queueOf(space)).toEqual(['one']);
  expect(await leasesOf(space)).toHaveLength(19);
  await worker.release(grants[0]?.lease ?? '');
  await last;
});
