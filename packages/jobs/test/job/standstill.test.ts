import type { JobRef } from '@linkhaul/storage';
import { expect, onTestFinished, test } from 'vitest';
import { createDispatcher, createJobMonitor, createOutage } from '../../src/index.js';
import { acceptJob } from '../accept-job.js';
import { dispatch, grant, send } from '../messages.js';
import { granted, workerOn } from '../permit/permit-workers.js';
import { DOUBT, openSpace, planJob, recordOf, settlement } from '../planning/space.js';

const HOST = 'localhost';
const limits = { maxPerMinute: 60_000, maxInFlight: 3, leaseMs: 60_000 };

/** A Redis whose account is known and whose worker lives for as long as a test takes. */
async function openAccount() {
  const space = await openSpace();
  const { queues } = space;
  await space.capacities.announce(HOST, 'acme', limits);
  onTestFinished(() => queues.close());
  const dispatcher = createDispatcher({ ...space, worker: 'one', maxInFlight: 3 });
  await dispatch(space, 0);
  /** With nothing remembered, so that what was done a moment ago is seen. */
  const boundOf = async (job: JobRef) =>
    (await createJobMonitor(space).paceOf(await recordOf(space, job)))?.bound ?? null;
  const boundOfAccount = () => createJobMonitor(space).boundOf(HOST);
  return { ...space, space, dispatcher, boundOf, boundOfAccount };
}

type Account = Awaited<ReturnType<typeof openAccount>>;

/** As if it had not come forward for a minute. */
async function quiet({ redis, keys }: Account, job: JobRef) {
  await redis.hincrby(keys.job(job), 'moved_at', -60_000);
}

/** As if it came forward now, for as long as the test takes. */
async function lively({ redis, keys }: Account, job: JobRef) {
  await redis.hincrby(keys.job(job), 'moved_at', 60_000);
}

test('workers that have died, since when, and workers that never were', async () => {
  const account = await openAccount();
  const { redis, keys, dispatcher, boundOf, boundOfAccount, space } = account;
  const job = await acceptJob(space, { valid: 10 });
  await redis.del(keys.workers);
  expect(await boundOf(job)).toEqual({ by: 'no_workers', detail: expect.stringContaining('none has ever been') });
  await lively(account, job);
  await dispatcher.announce(8);
  expect(await boundOf(job)).toBeNull();
  // Silent for five seconds: its places stand for ten.
  const heardAt = Number(await redis.zincrby(keys.workers, -5_000, 'one'));
  const since = new Date(heardAt).toISOString().slice(0, 19);
  const dead = { by: 'no_workers', detail: `No worker has been alive since ${since}Z.` };
  expect(await boundOf(job)).toEqual(dead);
  expect(await boundOfAccount()).toEqual(dead);
  await dispatcher.announce(8);
  await dispatcher.withdraw();
  expect(await boundOf(job)).toMatchObject({ by: 'no_workers' });
});

test('a job that waits for its turn to be planned, and one whose planning failed', async () => {
  const account = await openAccount();
  const { queues, boundOf, space } = account;
  const [first, second] = [await acceptJob(space, { valid: 10 }), await acceptJob(space, { valid: 10 })];
  for (const job of [first, second]) {
    await queues.add('plan', job);
    await lively(account, job);
    expect(await boundOf(job)).toBeNull();
    await quiet(account, job);
    await quiet(account, job);
  }
  expect(await boundOf(second)).toEqual({ by: 'turn', detail: expect.stringContaining('1 list is planned before it') });
  const failed = await acceptJob(space, { valid: 10 });
  await queues.add('plan', failed, 60_000);
  await quiet(account, failed);
  expect(await boundOf(failed)).toEqual({ by: 'workers', detail: expect.stringMatching(/planned again at 20\d\d-/) });
});

test('calls whose fate is not known, while look-ups fail', async () => {
  const { ledger, boundOf, boundOfAccount, workerReports, space } = await openAccount();
  const job = await planJob(space, { calls: 3 });
  for (let call = 0; call < 3; call++) await ledger.markUnknown(await send(space), { ...DOUBT, lookUpAfterMs: 60_000 });
  expect(await boundOf(job)).toEqual({ by: 'look_ups', detail: expect.stringMatching(/^3 calls wait.*next at 20/) });
  await workerReports.lookUpFailed('acme', 'the record is not of its form');
  const failing = /the last look-up failed at 20.*: the record is not of its form; next at 20/;
  expect(await boundOf(job)).toEqual({ by: 'look_ups', detail: expect.stringMatching(failing) });
  // Their leases take all the slots.
  const other = await planJob(space, { calls: 1 });
  expect(await boundOf(other)).toEqual({ by: 'look_ups', detail: expect.stringMatching(failing) });
  expect(await boundOfAccount()).toMatchObject({ by: 'look_ups' });
  await workerReports.lookUpRead('acme');
  expect((await boundOf(job))?.detail).not.toContain('failed');
});

test('storage that is away, until it is said no more', async () => {
  const { boundOf, workerReports, redis, keys, space } = await openAccount();
  const job = await planJob(space, { calls: 1 });
  await workerReports.storageAway('EROFS: read-only file system');
  const first = await boundOf(job);
  expect(first).toEqual({
    by: 'storage',
    detail: expect.stringMatching(/since 20.*: EROFS: read-only file system\.$/),
  });
  const since = await redis.hget(keys.storageAway, 'at');
  await workerReports.storageAway('EIO: i/o error');
  expect(await redis.hget(keys.storageAway, 'at')).toBe(since);
  expect(await redis.pttl(keys.storageAway)).toBeGreaterThan(0);
  await redis.del(keys.storageAway);
  expect((await boundOf(job))?.by).not.toBe('storage');
});

test('an outage of the account', async () => {
  const { boundOf, boundOfAccount, jobSteps, space } = await openAccount();
  const [paused, running] = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  await createOutage(space, { account: 'acme', host: HOST }).begin('upstream_funds');
  await jobSteps.act(paused, { action: 'pause', by: 'system', reason: 'upstream_funds' });
  const pause = { by: 'upstream_pause', detail: expect.stringMatching(/upstream_funds.* at 20/) };
  expect(await boundOf(paused)).toEqual(pause);
  expect(await boundOf(running)).toEqual(pause);
  expect(await boundOfAccount()).toEqual(pause);
});

test('a call that waits out a delay', async () => {
  const account = await openAccount();
  const { ledger, boundOf, space } = account;
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  await ledger.defer(at, { cost: 0, sentAt: 0, delayMs: 3_600_000, countsAs: 'nothing' });
  await space.permitsOf('one').release(`${job.tenant}/${job.id}/1.1`);
  await quiet(account, job);
  expect(await boundOf(job)).toEqual({
    by: 'upstream_pause',
    detail: expect.stringMatching(/^1 call waits .* until 20/),
  });
});

test('slots that another job has, its own calls, and money that they hold', async () => {
  const account = await openAccount();
  const { boundOf, space, ledger } = account;
  const worker = await workerOn(space, 'one', limits);
  const first = await planJob(space, { calls: 3 });
  const messages = await dispatch(space, 3);
  for (const message of messages) await granted(worker, message);
  const second = await planJob(space, { calls: 2 });
  expect(await boundOf(second)).toEqual({ by: 'turn', detail: expect.stringContaining('3 calls in flight') });
  expect(await boundOf(first)).toMatchObject({ by: 'upstream_in_flight' });
  for (const message of messages) {
    await ledger.settle(message, settlement({ ok: 10 }));
    await worker.release(`${first.tenant}/${first.id}/${message.call}.1`);
  }

  const poor = await planJob(space, { calls: 2 }, { tenant: 'poor', bounds: { maxCost: 2_000_000_000 } });
  const mine = (await dispatch(space, 4)).filter(({ job }) => job.id === poor.id);
  const [one, two] = mine;
  if (one === undefined || two === undefined) throw new Error('two calls are in the window');
  expect(await grant(space, one)).toMatchObject({ granted: true });
  expect(await grant(space, two)).toMatchObject({ granted: false, why: 'short' });
  expect(await boundOf(poor)).toEqual({
    by: 'budget',
    detail: expect.stringMatching(/^\$1\.000000007 of \$2 .* 1 call /),
  });
});

test('an answer that does not come', async () => {
  const account = await openAccount();
  const { boundOf, space } = account;
  const job = await planJob(space, { calls: 1 });
  await send(space);
  await lively(account, job);
  expect(await boundOf(job)).toBeNull();
  await quiet(account, job);
  await quiet(account, job);
  expect(await boundOf(job)).toEqual({
    by: 'upstream_in_flight',
    detail: expect.stringMatching(/^1 call waits for an answer, the first was sent at 20/),
  });
});

test('what the upstream has said of its data holds for jobs of that host, and for no other', async () => {
  const { space, ledger, redis, keys } = await openAccount();
  const simulatedOf = async (job: JobRef) => (await recordOf(space, job)).simulated;
  const settle = async (simulated: boolean | null) => {
    const job = await planJob(space, { calls: 2 });
    expect(await simulatedOf(job)).toBe(before);
    await ledger.settle(await send(space), settlement({ verdict: 'failed', failed: 10, simulated }));
    await ledger.settle(await send(space), settlement({ verdict: 'failed', failed: 10, simulated: null }));
    return simulatedOf(job);
  };
  let before: boolean | null = null;
  expect(await settle(null)).toBeNull();
  expect(await settle(false)).toBe(false);
  before = false;
  // Both together are simulated.
  expect(await settle(true)).toBe(true);
  before = true;
  expect(await simulatedOf(await acceptJob(space, { valid: 1 }, { upstreamHost: 'another' }))).toBeNull();
  expect(await redis.hgetall(keys.origins)).toEqual({ [HOST]: '1' });
});
