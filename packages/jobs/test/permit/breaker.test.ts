import { expect, test } from 'vitest';
import { createOutage, createPermits, type Health, type Message, type Permits } from '../../src/index.js';
import { dispatch } from '../messages.js';
import { moneyOf, never, openSpace, planJob, type Space, WIDE } from '../planning/space.js';

const MOST_FAILURES = 10;

async function openAccount(maxInFlight = 100) {
  const space = await openSpace();
  const { redis, keys } = space;
  const workers = ['one', 'two'].map((worker) =>
    createPermits({ ...space, account: 'acme', worker, limits: { ...WIDE, maxInFlight } }),
  ) as [Permits, Permits];
  const now = async () => Number((await redis.time())[0]) * 1000 + 2_000;
  /** Reports as of requests that are sent later than everything else. */
  const report = async (health: Health, lease = 'another') =>
    (await workers[0].end(lease, { health, sentAt: await now(), ended: true })).openings;
  const fail = async (times: number) => {
    let openings = 0;
    for (let time = 0; time < times; time++) openings = await report('failing');
    return openings;
  };
  const state = () => redis.hmget(keys.permit('acme'), 'failed', 'opened', 'trial');
  return { space, workers, report, fail, state, waitMs: () => redis.pttl(keys.accountWait('acme')) };
}

/** As if its time were over. */
async function endWait({ redis, keys }: Space): Promise<void> {
  await redis.del(keys.accountWait('acme'));
  // What is sent now is sent after the breaker opened.
  await redis.hset(keys.permit('acme'), 'opened_at', 0);
}

async function messagesOf(space: Space, calls: number): Promise<Message<'call'>[]> {
  await planJob(space, { calls, rows: 1 });
  return dispatch(space, calls);
}

async function lease(
  permits: Permits,
  message: Message<'call'> | undefined,
): Promise<{ lease: string; sentAt: number }> {
  if (message === undefined) throw new Error('no message');
  const grant = await permits.grant({ ...message, rows: 1, money: moneyOf(1) }, never);
  if (!grant.granted) throw new Error(`refused: ${grant.why}`);
  return grant;
}

test('ten failures in a row make the whole account wait; a success between begins the count again', async () => {
  const { report, fail, state, space, waitMs } = await openAccount();
  expect(await fail(MOST_FAILURES - 1)).toBe(0);
  expect(await report('neither')).toBe(0);
  expect(await state()).toEqual(['9', null, null]);
  await report('answered');
  expect(await state()).toEqual([null, null, null]);
  expect(await fail(MOST_FAILURES - 1)).toBe(0);
  expect(await waitMs()).toBe(-2);
  expect(await report('failing')).toBe(1);
  expect(await space.redis.get(space.keys.accountWait('acme'))).toBe('failing');
  expect(await waitMs()).toBeLessThanOrEqual(5_000);
});

test('after the wait one call at a time is sent, by whichever worker, until one is answered', async () => {
  const { space, workers, fail } = await openAccount();
  const messages = await messagesOf(space, 4);
  await fail(MOST_FAILURES);
  await endWait(space);
  const trial = await lease(workers[0], messages[0]);
  const behind = [lease(workers[0], messages[1]), lease(workers[1], messages[2]), lease(workers[1], messages[3])];
  await expect.poll(() => space.redis.zcard(space.keys.waiting('acme'))).toBe(2);
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(1);

  await workers[0].end(trial.lease, { health: 'neither', sentAt: trial.sentAt, ended: true });
  const second = await Promise.race(behind);
  expect(await space.redis.zcard(space.keys.sending)).toBe(2);

  await workers[1].end(second.lease, { health: 'answered', sentAt: second.sentAt, ended: true });
  await Promise.all(behind);
  expect(await space.redis.zcard(space.keys.sending)).toBe(4);
  expect(await space.redis.hmget(space.keys.permit('acme'), 'opened', 'trial')).toEqual([null, null]);
});

test('each trial that fails makes it wait twice as long, up to five minutes', async () => {
  const { space, report, fail, waitMs } = await openAccount();
  await fail(MOST_FAILURES);
  for (let openings = 2; openings <= 12; openings++) {
    await endWait(space);
    expect(await report('failing')).toBe(openings);
    const longest = Math.min(300_000, 5_000 * 2 ** (openings - 1));
    const wait = await waitMs();
    expect(wait).toBeLessThanOrEqual(longest);
    expect(wait).toBeGreaterThan(longest / 2);
  }
});

test('what was sent before it opened says nothing any more', async () => {
  const { space, workers, fail, state, waitMs } = await openAccount();
  const messages = await messagesOf(space, 2);
  const [good, bad] = [await lease(workers[0], messages[0]), await lease(workers[1], messages[1])];
  await fail(MOST_FAILURES);
  const wait = await waitMs();
  expect(await workers[0].end(bad.lease, { health: 'failing', sentAt: bad.sentAt, ended: true })).toEqual({
    openings: 0,
  });
  await workers[0].end(good.lease, { health: 'answered', sentAt: good.sentAt, ended: true });
  expect(await state()).toEqual([null, '1', null]);
  expect(await waitMs()).toBeLessThanOrEqual(wait);
});

test('leases that stand because nobody knows what became of their requests do not hold up the trial', async () => {
  const { space, workers } = await openAccount(20);
  const messages = await messagesOf(space, 13);
  for (const message of messages.slice(0, 10)) {
    const { lease: name, sentAt } = await lease(workers[0], message);
    await workers[0].end(name, { health: 'failing', sentAt, ended: false });
  }
  await endWait(space);
  const trial = await lease(workers[0], messages[10]);
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(11);
  const opened = await workers[0].end(trial.lease, { health: 'failing', sentAt: trial.sentAt, ended: false });
  expect(opened).toEqual({ openings: 2 });
  await endWait(space);
  await lease(workers[1], messages[11]);
  expect(await space.redis.zcard(space.keys.leases('acme'))).toBe(12);
});

test('looking at the account, or at the record of calls, does not wait for a trial', async () => {
  const { space, workers, fail } = await openAccount();
  const [message] = await messagesOf(space, 1);
  await fail(MOST_FAILURES);
  await endWait(space);
  await lease(workers[0], message);
  await workers[1].release(await workers[1].probe('x', never));
  await workers[1].release(await workers[1].lookUp('y', never));
});

test('an outage leaves one call at a time, and is over when a call is answered', async () => {
  const { space, workers, state } = await openAccount();
  const outage = createOutage(space, { account: 'acme', host: 'upstream.test' });
  const due = () => space.redis.hset(space.keys.outage('acme'), 'due_at', 0);
  expect(await outage.claimProbe()).toEqual({ kind: 'none' });
  await outage.begin('upstream_funds');
  await outage.ensure('upstream_auth');
  expect(await state()).toEqual([null, '1', null]);
  expect(await outage.claimProbe()).toEqual({ kind: 'none' });
  await due();
  expect(await outage.claimProbe()).toEqual({ kind: 'probe', reason: 'upstream_funds', tries: 0 });
  expect(await outage.claimProbe()).toEqual({ kind: 'none' });
  await outage.again(300_000);
  await outage.begin('upstream_blocked');
  await due();
  expect(await outage.claimProbe()).toEqual({ kind: 'probe', reason: 'upstream_blocked', tries: 1 });

  const [message] = await messagesOf(space, 1);
  const trial = await lease(workers[0], message);
  await workers[0].end(trial.lease, { health: 'neither', sentAt: trial.sentAt, ended: true });
  expect(await outage.claimProbe()).toEqual({ kind: 'none' });
  await workers[0].end(trial.lease, { health: 'answered', sentAt: trial.sentAt, ended: true });
  expect(await outage.claimProbe()).toEqual({ kind: 'over', reason: 'upstream_blocked' });
  await outage.end();
  expect(await outage.claimProbe()).toEqual({ kind: 'none' });
});

test('an outage that comes back soon is probed at the waits that the last one had reached', async () => {
  const { space, report } = await openAccount();
  const outage = createOutage(space, { account: 'acme', host: 'upstream.test' });
  await outage.begin('upstream_funds');
  for (let tries = 0; tries < 4; tries++) await outage.again(300_000);
  await report('answered');
  await outage.end();
  await outage.begin('upstream_funds');
  await space.redis.hset(space.keys.outage('acme'), 'due_at', 0);
  expect(await outage.claimProbe()).toMatchObject({ kind: 'probe', tries: 5 });
});
