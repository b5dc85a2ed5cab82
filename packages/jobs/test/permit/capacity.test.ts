import { expect, test } from 'vitest';
import { dispatch } from '../messages.js';
import { openSpace, planJob, recordOf } from '../planning/space.js';
import { granted, workerOn } from './permit-workers.js';

const HOST = 'upstream.example';
const limits = { maxPerMinute: 2000, maxInFlight: 3, leaseMs: 60_000 };

test('what no worker has spoken of is not known', async () => {
  const space = await openSpace();
  expect(await space.capacities.read(HOST)).toBeNull();
});

test('shows what is in use, what binds, and a pause with its reason', async () => {
  const space = await openSpace();
  const { capacities } = space;
  await capacities.announce(HOST, 'acme', limits);
  const worker = await workerOn(space, 'one', limits);
  await planJob(space, { calls: 5, rows: 1 });
  const messages = await dispatch(space, 5);
  expect(await capacities.read(HOST)).toMatchObject({ inFlight: 0, sentLastMinute: 0, wait: null, slots: 3 });
  const grants = await Promise.all(messages.slice(0, 3).map((message) => granted(worker, message)));
  const waiting = granted(worker, messages[3]);
  await expect.poll(() => capacities.read(HOST)).toMatchObject({ inFlight: 3, sentLastMinute: 3, slotsBind: true });
  await worker.slow(5_000, 'rate');
  expect((await capacities.read(HOST))?.wait).toMatchObject({ why: 'rate', untilMs: expect.any(Number) });
  await space.redis.del(space.keys.accountWait('acme'));
  await worker.release(grants[0]?.lease ?? '');
  await waiting;
});

test('the latency of late is that of answers, not of refusals', async () => {
  const space = await openSpace();
  const { capacities } = space;
  await capacities.announce(HOST, 'acme', limits);
  const worker = await workerOn(space, 'one', limits);
  await planJob(space, { calls: 2, rows: 1 });
  const [first, second] = await dispatch(space, 2);
  const { lease, sentAt } = await granted(worker, first);
  await worker.end(lease, { health: 'neither', sentAt: sentAt - 9_000, ended: true });
  expect((await capacities.read(HOST))?.latencyMs).toBeNull();
  const next = await granted(worker, second);
  await worker.end(next.lease, { health: 'answered', sentAt: next.sentAt - 2_000, ended: true });
  // When it was sent is known to a millisecond.
  expect((await capacities.read(HOST))?.latencyMs).toBeGreaterThanOrEqual(1_990);
});

test('a running job has an end in sight, a paused one has not', async () => {
  const space = await openSpace();
  const { capacities } = space;
  const job = await planJob(space, { calls: 327, rows: 1 }, { upstreamHost: HOST });
  await dispatch(space, 0);
  await capacities.announce(HOST, 'acme', limits);
  const { monitor } = space;
  const pace = await monitor.paceOf(await recordOf(space, job));
  expect(pace?.etaMs).toBeCloseTo(10_000, -3);
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  expect(await monitor.paceOf(await recordOf(space, job))).toEqual({ etaMs: null, bound: null });
});
