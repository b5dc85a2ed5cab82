import { listedEvent } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { createOutage, jobView, listedEventView, placeOfId } from '../../src/index.js';
import { acceptJob } from '../accept-job.js';
import { send } from '../messages.js';
import { openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

const all = { after: null, limit: 1000 };

/** `type of-job`, in order. */
async function told(space: Space, tenant = 'tenant'): Promise<string[]> {
  const { events } = await space.events.list(tenant, all);
  return events.map((event) => ('job' in event ? `${event.type} ${event.job.description.id}` : event.type));
}

test('each transition that somebody waits for is one event, with the job as it was then', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 });
  const act = (action: 'pause' | 'resume') =>
    space.jobSteps.act(job, { action, by: 'me', ...(action === 'pause' && { reason: 'user' }) });
  await act('pause');
  const paused = jobView(await recordOf(space, job));
  await act('pause');
  await act('resume');
  await act('resume');
  await space.ledger.settle(await send(space), settlement({ ok: 10, cost: 7 }));
  await act('pause');
  await act('resume');
  await space.ledger.settle(await send(space), settlement({ ok: 10, cost: 7 }));
  await space.jobSteps.finish(job);
  await space.jobSteps.finish(job);
  const { events } = await space.events.list('tenant', all);
  const views = events.map(listedEventView).map((view) => listedEvent.parse(view));
  expect(views.map(({ type }) => type)).toEqual([
    'job.paused',
    'job.resumed',
    'job.paused',
    'job.resumed',
    'job.completed',
  ]);
  expect(new Set(views.map(({ id }) => id)).size).toBe(views.length);
  expect(views[0]?.data).toEqual({ job: paused, metadata: {} });
  expect(views.at(-1)?.data).toEqual({ job: jobView(await recordOf(space, job)), metadata: {} });
  const times = views.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort());
});

test('what ends a job is told when nothing of it is open any more, and a manual start when it is planned', async () => {
  const space = await openSpace();
  const job = await acceptJob(space, { valid: 10 });
  await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: true });
  await space.jobSteps.planned(job, { roots: 1, callsPerPart: 1, manual: true });
  expect(await told(space)).toEqual([`job.paused ${job.id}`]);
  await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  const at = await send(space);
  await space.jobSteps.act(job, { action: 'cancel', by: 'me' });
  expect(await told(space)).toEqual([`job.paused ${job.id}`, `job.resumed ${job.id}`]);
  await space.ledger.settle(at, settlement({ ok: 10 }));
  await space.jobSteps.finish(job);
  expect(await told(space)).toEqual([`job.paused ${job.id}`, `job.resumed ${job.id}`, `job.cancelled ${job.id}`]);
});

test('a job that its parameters or its time stops says so', async () => {
  const space = await openSpace();
  const refused = await planJob(space, { calls: 1 });
  await space.ledger.settle(
    await send(space),
    settlement({ verdict: 'failed', failed: 10, refusal: 'Invalid Field', cost: 1 }),
  );
  await space.jobSteps.finish(refused);
  const late = await planJob(space, { calls: 1 }, { bounds: { deadline: 1 } });
  await space.jobSteps.judgeDeadline(late);
  await space.jobSteps.judgeDeadline(late);
  expect(await told(space)).toEqual([`job.failed ${refused.id}`, `job.paused ${late.id}`]);
});

test("a pause for another reason is none of its own, and nobody sees another tenant's events", async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const other = await planJob(space, { calls: 1 }, { tenant: 'other' });
  for (const one of [job, other]) {
    await space.jobSteps.act(one, { action: 'pause', by: 'system', reason: 'upstream_funds' });
  }
  await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  expect(await told(space)).toEqual([`job.paused ${job.id}`]);
  expect(await told(space, 'other')).toEqual([`job.paused ${other.id}`]);
});

test('the pause of an account and its end are told once to every tenant', async () => {
  const space = await openSpace();
  for (const tenant of ['tenant', 'other']) await acceptJob(space, { valid: 1 }, { tenant });
  const outage = createOutage(space, { account: 'acme', host: 'upstream.test' });
  await outage.begin('upstream_funds');
  await outage.begin('upstream_auth');
  await outage.ensure('upstream_funds');
  await outage.end();
  await outage.end();
  const { events } = await space.events.list('tenant', all);
  expect(events.map(listedEventView).map(({ type, data }) => ({ type, data }))).toEqual([
    { type: 'account.paused', data: { account: { host: 'upstream.test', reason: 'upstream_funds' } } },
    { type: 'account.resumed', data: { account: { host: 'upstream.test', reason: 'upstream_auth' } } },
  ]);
  const ofOther = (await space.events.list('other', all)).events;
  expect(ofOther.map(({ type }) => type)).toEqual(['account.paused', 'account.resumed']);
  expect(ofOther.map(({ id }) => id)).not.toEqual(events.map(({ id }) => id));
});

test('pages follow one another by the id of any event, and what happens later comes behind it', async () => {
  const space = await openSpace();
  const events = space.events;
  const job = await planJob(space, { calls: 1 });
  const toggle = async () => {
    await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
    await space.jobSteps.act(job, { action: 'resume', by: 'me' });
  };
  for (let times = 0; times < 3; times++) await toggle();
  const first = await events.list('tenant', { after: null, limit: 4 });
  expect(first.events).toHaveLength(4);
  expect(placeOfId(first.next ?? '')).toBe(first.events.at(-1)?.place);
  expect(placeOfId(first.events.at(-1)?.id ?? '')).toBe(first.events.at(-1)?.place);
  const second = await events.list('tenant', { after: placeOfId(first.next ?? ''), limit: 4 });
  expect([second.events.length, second.next]).toEqual([2, null]);
  await toggle();
  const later = await events.list('tenant', { after: second.events.at(-1)?.place ?? '', limit: 4 });
  expect(later.events.map(({ type }) => type)).toEqual(['job.paused', 'job.resumed']);
  expect(placeOfId('evt_1_2_nonsense')).toBeNull();
});

test('an event stands in the outbox until it is taken out, and what failed goes behind the others', async () => {
  const space = await openSpace();
  const events = space.events;
  const jobs = [await planJob(space, { calls: 1 }), await planJob(space, { calls: 1 })];
  for (const job of jobs) await space.jobSteps.act(job, { action: 'pause', by: 'me', reason: 'user' });
  const [one, two] = await events.outbox();
  if (one === undefined || two === undefined) throw new Error('the outbox is empty');
  expect(await recordOf(space, jobs[0] ?? { tenant: '', id: '' })).toMatchObject({ lastEvent: one.place });
  await space.redis.zadd(space.keys.outbox, 1, `${two.tenant}/${two.place}`);
  expect(await events.outbox()).toEqual([two, one]);
  await events.goLast(two);
  expect(await events.outbox()).toEqual([one, two]);
  await events.leaveOutbox(one);
  expect([await events.isInOutbox(one), await events.isInOutbox(two)]).toEqual([false, true]);
  await events.goLast(one);
  expect(await events.outbox()).toEqual([two]);
});

test('events go when every job of their time is gone, and not before', async () => {
  const space = await openSpace();
  const day = 86_400_000;
  const old = await planJob(space, { calls: 1 });
  const events = Array.from({ length: 150 }, (_, at) => `${Date.now() - 2 * day + at}-0`);
  for (const place of events) {
    await space.redis.xadd(space.keys.events('tenant'), place, 'type', 'account.paused', 'host', 'h', 'reason', 'r');
  }
  const before = await space.redis.xlen(space.keys.events('tenant'));
  await space.jobSteps.act(old, { action: 'pause', by: 'me', reason: 'user' });
  // Redis drops whole blocks of a hundred.
  expect(await space.redis.xlen(space.keys.events('tenant'))).toBe(before + 1 - 100);

  await space.redis.del(space.keys.job(old));
  expect(await told(space)).toEqual(expect.not.arrayContaining([expect.stringContaining(old.id)]));
});
