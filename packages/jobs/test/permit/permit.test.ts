import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Message, sendInterval } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { moneyOf, never, openSpace, planJob, type Space } from '../planning/space.js';
import { granted, workerOn } from './permit-workers.js';

async function messagesOf(space: Space, calls: number): Promise<Message<'call'>[]> {
  await planJob(space, { calls, rows: 1 });
  return dispatch(space, calls);
}

test('in any window the sends granted to two workers obey the rate', async () => {
  const space = await openSpace();
  const limits = { maxPerMinute: 6000 };
  const workers = [await workerOn(space, 'one', limits), await workerOn(space, 'two', limits)] as const;
  const messages = await messagesOf(space, 60);
  const grants = await Promise.all(messages.map((message, at) => granted(workers[at % 2 === 0 ? 0 : 1], message)));
  const times = grants.map(({ sentAt }) => sentAt).sort((a, b) => a - b);
  const interval = sendInterval(limits.maxPerMinute);
  for (let first = 0; first < times.length; first++) {
    for (let last = first; last < times.length; last++) {
      // The times are cut to whole milliseconds.
      const window = (times[last] ?? 0) - (times[first] ?? 0) + 1;
      expect(last - first + 1).toBeLessThanOrEqual(Math.floor((window + 100) / interval) + 1);
    }
  }
});

test('a rolling minute with its burst and jitter holds no more sends than the account may make', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 1_000_000 }), (perMinute) => {
      const interval = sendInterval(perMinute);
      expect(Math.floor((60_000 + 100 + 1000) / (interval * (1 + 1e-12))) + 1).toBeLessThanOrEqual(perMinute);
    }),
  );
  expect(sendInterval(2000)).toBeCloseTo(61_100 / 1999, 9);
});

test('two workers together never have more leases than there are slots; each release wakes a waiter', async () => {
  const space = await openSpace();
  const limits = { maxInFlight: 5 };
  const workers = [await workerOn(space, 'one', limits), await workerOn(space, 'two', limits)] as const;
  const messages = await messagesOf(space, 60);
  let inFlight = 0;
  let most = 0;
  await Promise.all(
    messages.map(async (message, at) => {
      const permits = workers[at % 2 === 0 ? 0 : 1];
      const { lease } = await granted(permits, message);
      most = Math.max(most, ++inFlight);
      await space.redis.ping();
      inFlight--;
      await permits.release(lease);
    }),
  );
  expect(most).toBeLessThanOrEqual(5);
  expect(most).toBeGreaterThan(1);
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(0);
});

test('a release gives the slot on at once; one of another lease, or a second one, gives nothing', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first, second, third] = await messagesOf(space, 3);
  const { lease } = await granted(permits, first);
  const waiting = granted(permits, second);
  await permits.release(lease);
  await permits.release(lease);
  await permits.release('another');
  const next = await waiting;
  expect(await space.redis.zrange(space.keys.leases('acme'), '0', '-1')).toEqual([next.lease]);
  const last = granted(permits, third);
  await permits.release(next.lease);
  await last;
});

test('a pause holds the grants of all workers, and a shorter one does not end it', async () => {
  const space = await openSpace();
  const [one, two] = [await workerOn(space, 'one', {}), await workerOn(space, 'two', {})];
  const messages = await messagesOf(space, 2);
  await one.slow(400, 'rate');
  const until = await space.redis.pexpiretime(space.keys.accountWait('acme'));
  await two.slow(1, 'rate');
  const grants = await Promise.all([granted(one, messages[0]), granted(two, messages[1])]);
  for (const { sentAt } of grants) expect(sentAt).toBeGreaterThanOrEqual(until);
});

test('a look-up that waits goes before the calls that wait', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first, second] = await messagesOf(space, 2);
  const { lease } = await granted(permits, first);
  const order: string[] = [];
  const call = granted(permits, second).then(() => order.push('call'));
  const lookUp = permits.lookUp('x', never).then((held) => {
    order.push('look-up');
    return permits.release(held);
  });
  // In line it stands from when it has its turn among look-ups.
  const turns = () => space.redis.zcard(space.keys.lookUps('acme'));
  await expect.poll(turns).toBe(1);
  await permits.release(lease);
  await Promise.all([call, lookUp]);
  expect(order).toEqual(['look-up', 'call']);
});

test('a look-up whose reply was lost asks again and takes no second slot', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1 });
  const lease = await permits.lookUp('x', never);
  expect(await permits.lookUp('x', never)).toBe(lease);
});

test.each(['pause', 'cancel'] as const)(
  'a call is refused when its job has been ended by %s while it waited',
  async (action) => {
    const space = await openSpace();
    const permits = await workerOn(space, 'one', { maxInFlight: 1 });
    const lease = await permits.lookUp('x', never);
    const job = await planJob(space, { calls: 1 });
    const [message] = await dispatch(space);
    if (message === undefined) throw new Error('no message');
    const waiting = permits.grant({ ...message, rows: 1, money: moneyOf(1) }, never);
    await space.jobSteps.act(job, { action, by: 'me' });
    await permits.release(lease);
    expect(await waiting).toEqual({ granted: false, why: action === 'pause' ? 'paused' : 'settled' });
  },
);

test('a waiter whose signal aborts is rejected, and those behind it are served', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1 });
  const [first, second, third] = await messagesOf(space, 3);
  const { lease } = await granted(permits, first);
  const stop = new AbortController();
  const given = granted(permits, second, stop.signal);
  const behind = granted(permits, third);
  stop.abort(new Error('stopping'));
  await expect(given).rejects.toThrow('stopping');
  await permits.release(lease);
  await behind;
  expect(await space.redis.zcard(space.keys.sending)).toBe(2);
});

test('a lease that nobody ends stands for its time, then the slot is free', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1, leaseMs: 200 });
  const [first, second] = await messagesOf(space, 2);
  const gone = await granted(permits, first);
  const next = await granted(permits, second);
  expect(next.sentAt - gone.sentAt).toBeGreaterThanOrEqual(199);
});

test('the record of calls is asked ten times a minute at most, over all workers, and calls are not held up by it', async () => {
  const space = await openSpace();
  const [one, two] = [await workerOn(space, 'one', {}), await workerOn(space, 'two', {})];
  for (let turn = 0; turn < 10; turn++) await (turn % 2 === 0 ? one : two).lookUp(`turn-${turn}`, never);
  const stop = new AbortController();
  const eleventh = one.lookUp('turn-10', stop.signal);
  const [message] = await messagesOf(space, 1);
  await granted(one, message);
  stop.abort();
  await expect(eleventh).rejects.toThrow();
  expect(await space.redis.zcard(space.keys.lookUps('acme'))).toBe(10);
});

test('when the clock of Redis goes back, neither the rate nor the slots wait until it has caught up', async () => {
  const space = await openSpace();
  const permits = await workerOn(space, 'one', { maxInFlight: 1, leaseMs: 2000 });
  const [first, second, third] = await messagesOf(space, 3);
  const { lease } = await granted(permits, first);
  const tomorrow = (Date.now() + 86_400_000) * 1000;
  await space.redis.hset(space.keys.permit('acme'), 'tat', tomorrow);
  await space.redis.zadd(space.keys.leases('acme'), tomorrow, lease);
  // Nobody ends the first lease.
  const next = await granted(permits, second);
  await permits.release(next.lease);
  await granted(permits, third);
});

test('when the clock of Redis goes back, calls that wait for a time wait no longer than they would have', async () => {
  const { keys, redis, ...space } = await openSpace();
  const tomorrow = Date.now() + 86_400_000;
  const waiting = [keys.later, keys.unknown, keys.unpriced];
  for (const key of waiting) await redis.zadd(key, tomorrow + 60_000, 'tenant/job/1');
  await redis.set(keys.dispatchedAt, tomorrow);
  await dispatch({ keys, redis, ...space });
  for (const key of waiting) expect(Number(await redis.zscore(key, 'tenant/job/1'))).toBeLessThan(tomorrow);
});
