import { createCourier, verifyWebhook } from '@linkhaul/client';
import type { Delivery } from '@linkhaul/jobs';
import { webhookEvent } from '@linkhaul/schemas';
import { expect, it } from 'vitest';
import { startReceiver } from '../../../../e2e/receiver.js';
import { finishJob } from '../../src/settle/finish-job.js';
import { createAnnouncer } from '../../src/webhook/announce-events.js';
import { createDeliverer } from '../../src/webhook/deliver.js';
import { emptyJob, openWebhooks, type Webhooks } from './open-webhooks.js';

const NOWHERE = 'http://127.0.0.1:1/hook';
const hookAt = (url: string, events: readonly string[] | null = null) => ({ url, events, allowPrivate: true });

async function deliveriesOf({ services }: Webhooks, tenant = 'tenant'): Promise<Delivery[]> {
  return (await services.deliveries.list(tenant, { job: null, after: null, limit: 100 })).deliveries;
}

async function onlyDelivery(webhooks: Webhooks): Promise<Delivery> {
  const [only, ...others] = await deliveriesOf(webhooks);
  if (only === undefined || others.length > 0) throw new Error('there is not one delivery');
  return only;
}

/** Sends all due deliveries, and waits for the end of every attempt. */
async function deliver({ services }: Webhooks): Promise<void> {
  const deliverer = createDeliverer(services);
  await deliverer.take();
  await deliverer.close();
}

/** Makes a delivery due. It is in no line, as an earlier version left it. */
async function makeDue({ services, redis, keys }: Webhooks, id: string): Promise<void> {
  await redis.zadd(keys.pendingDeliveries, 'XX', 1, id);
  await redis.del(keys.deliveryQueue('tenant'));
  await services.deliveries.queuePending();
}

/** The number of attempts by outcome. */
function posts({ services }: Webhooks): Record<string, number> {
  const family = services.metrics.families().find(({ name }) => name === 'linkhaul_webhook_posts_total');
  return Object.fromEntries(family?.samples.map(({ labels, value }) => [labels?.outcome, value]) ?? []);
}

it('announces an event that a dead worker left, once and with one id', async () => {
  const webhooks = await openWebhooks();
  const { services, redis, keys } = webhooks;
  const job = await emptyJob(webhooks, hookAt(NOWHERE));
  await services.jobSteps.finish(job);
  const leaveOutbox = () => Promise.reject(new Error('killed'));
  const died = { ...services, events: { ...services.events, leaveOutbox } };
  await createAnnouncer(died)();
  const recorded = await onlyDelivery(webhooks);
  expect(await redis.zcard(keys.outbox)).toBe(1);

  await createAnnouncer(services)();
  expect(await redis.zcard(keys.outbox)).toBe(0);
  await finishJob(job, services);
  expect(await onlyDelivery(webhooks)).toEqual(recorded);
  const event = webhookEvent.parse(JSON.parse(recorded.body ?? ''));
  expect(event).toMatchObject({ type: 'job.completed', data: { job: { id: job.id, status: 'completed' } } });
  expect(event.data).toMatchObject({ metadata: { team: 'seo' } });
});

it('announces the end of a job at once, and only the events that the webhook names', async () => {
  const webhooks = await openWebhooks();
  const { services, redis, keys } = webhooks;
  const jobs = [
    await emptyJob(webhooks, hookAt(NOWHERE, ['job.failed'])),
    await emptyJob(webhooks, null),
    await emptyJob(webhooks, hookAt(NOWHERE, ['job.completed'])),
  ];
  for (const job of jobs) await finishJob(job, services);
  expect(await redis.zcard(keys.outbox)).toBe(0);
  expect(await onlyDelivery(webhooks)).toMatchObject({ job: jobs[2]?.id, event: 'job.completed', state: 'pending' });
});

it('sends events of the account to the default webhook of each tenant', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  for (const tenant of ['tenant', 'other', 'quiet']) await emptyJob(webhooks, null, tenant);
  await services.webhooks.setDefault('tenant', { url: NOWHERE, events: null, allowPrivate: true });
  await services.webhooks.setDefault('other', { url: NOWHERE, events: ['account.resumed'], allowPrivate: true });
  await services.outage.begin('upstream_funds');
  await services.outage.end();
  await createAnnouncer(services)();
  const told = async (tenant: string) => (await deliveriesOf(webhooks, tenant)).map(({ event }) => event).sort();
  expect(await told('tenant')).toEqual(['account.paused', 'account.resumed']);
  expect(await told('other')).toEqual(['account.resumed']);
  expect(await told('quiet')).toEqual([]);
});

it('sends a failed delivery again with the same body and id, and records each attempt', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  const receiver = await startReceiver((response, number) =>
    response.writeHead(number === 1 ? 500 : 204).end(number === 1 ? 'not now' : ''),
  );
  await finishJob(await emptyJob(webhooks, hookAt(receiver.url)), services);
  const { id } = await onlyDelivery(webhooks);
  await deliver(webhooks);
  const waiting = await onlyDelivery(webhooks);
  expect(waiting).toMatchObject({ state: 'pending', round: 1 });
  expect(waiting.dueAt).toBeGreaterThan(Date.now());
  await deliver(webhooks);
  expect(receiver.seen).toHaveLength(1);

  await services.webhooks.rotateSecret('tenant');
  await makeDue(webhooks, id);
  await deliver(webhooks);
  await deliver(webhooks);
  expect(await onlyDelivery(webhooks)).toMatchObject({ state: 'delivered', dueAt: null, body: null });
  const [first, second, ...more] = receiver.seen;
  expect([second?.body, second?.headers['webhook-id'], more]).toEqual([first?.body, id, []]);
  expect(second?.headers['webhook-signature']?.split(' ')).toHaveLength(2);
  const secret = await services.webhooks.secretOf('tenant', null);
  expect(verifyWebhook({ secret, headers: second?.headers ?? {}, body: second?.body ?? '' }).id).toBe(id);
  expect(await services.deliveries.attemptsOf(id)).toMatchObject([
    { status: 500, error: null, answer: 'not now' },
    { status: 204, error: null, answer: '' },
  ]);
  expect(posts(webhooks)).toEqual({ delivered: 1, retried: 1, failed: 0 });
});

it('does not post a delivery that ends after it was taken and before it is sent', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  const receiver = await startReceiver((response) => response.writeHead(204).end());
  await finishJob(await emptyJob(webhooks, hookAt(receiver.url)), services);
  const { id, round } = await onlyDelivery(webhooks);
  const ended = { round, at: new Date().toISOString(), status: 204, error: null, answer: '', duration_ms: 1 };
  const take: typeof services.deliveries.take = async (...rooms) => {
    const ids = await services.deliveries.take(...rooms);
    // By a worker that was suspended and believed dead.
    for (const taken of ids) await services.deliveries.attempted(taken, ended, { state: 'delivered' });
    return ids;
  };
  await deliver({ ...webhooks, services: { ...services, deliveries: { ...services.deliveries, take } } });
  expect(receiver.seen).toEqual([]);
  expect(await services.deliveries.get(id)).toMatchObject({ state: 'delivered', body: null });

  // A late failure of the next attempt does not make it due again either.
  const late = { ...ended, round: round + 1, status: 500 };
  await services.deliveries.attempted(id, late, { state: 'pending', dueAt: 1 });
  expect(await onlyDelivery(webhooks)).toMatchObject({ state: 'delivered', dueAt: null });
});

it('gives up at 410 and when the schedule ends, and lists the delivery as failed', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  const gone = await startReceiver((response) => response.writeHead(410).end());
  await finishJob(await emptyJob(webhooks, hookAt(gone.url)), services);
  await deliver(webhooks);
  expect(await onlyDelivery(webhooks)).toMatchObject({ state: 'failed', dueAt: null });

  const job = await emptyJob(webhooks, hookAt(NOWHERE));
  await finishJob(job, services);
  const [unreachable] = (await services.deliveries.list('tenant', { job: job.id, after: null, limit: 1 })).deliveries;
  for (let round = 0; round < 8; round++) {
    await makeDue(webhooks, unreachable?.id ?? '');
    await deliver(webhooks);
  }
  expect(await services.deliveries.get(unreachable?.id ?? '')).toMatchObject({ state: 'failed', round: 8 });
  const attempts = await services.deliveries.attemptsOf(unreachable?.id ?? '');
  expect(attempts.map(({ error }) => error)).toEqual(Array(8).fill('connection_refused'));
  expect(posts(webhooks)).toEqual({ delivered: 0, retried: 7, failed: 2 });
});

it('is not held up by the slow receivers of other tenants', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  const silent = await startReceiver(() => undefined);
  const quick = await startReceiver((response) => response.writeHead(200).end());
  const tenants = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const tenant of tenants) {
    for (let jobs = 0; jobs < 22; jobs++)
      await finishJob(await emptyJob(webhooks, hookAt(silent.url), tenant), services);
  }
  const deliverer = createDeliverer(services);
  await deliverer.take();
  const MOST_A_TENANT = 10;
  await silent.received(tenants.length * MOST_A_TENANT);

  await finishJob(await emptyJob(webhooks, hookAt(quick.url), 'other'), services);
  await deliverer.take();
  await quick.received(1);
  expect(silent.seen).toHaveLength(tenants.length * MOST_A_TENANT);
  await expect.poll(() => deliveriesOf(webhooks, 'other')).toMatchObject([{ state: 'delivered' }]);

  const closed = deliverer.close();
  silent.hangUp();
  await closed;
});

it('gives back deliveries in progress when it stops, without counting the attempt', async () => {
  const stopping = new AbortController();
  const webhooks = await openWebhooks({ stopping: stopping.signal });
  const { services } = webhooks;
  const receiver = await startReceiver((response, number) => number > 1 && response.writeHead(204).end());
  await finishJob(await emptyJob(webhooks, hookAt(receiver.url)), services);
  const deliverer = createDeliverer(services);
  await deliverer.take();
  await receiver.received(1);
  stopping.abort();
  await deliverer.close();
  const given = await onlyDelivery(webhooks);
  expect(given).toMatchObject({ state: 'pending', round: 0 });
  expect(await services.deliveries.attemptsOf(given.id)).toEqual([]);

  const another = createCourier();
  await deliver({ ...webhooks, services: { ...services, courier: another } });
  await another.close();
  expect(await onlyDelivery(webhooks)).toMatchObject({ state: 'delivered' });
  expect(receiver.seen.map(({ headers }) => headers['webhook-id'])).toEqual([given.id, given.id]);
});

it('is sent by another worker once its own worker is silent, and not before', async () => {
  const webhooks = await openWebhooks();
  const { services } = webhooks;
  const receiver = await startReceiver((response) => response.writeHead(204).end());
  await finishJob(await emptyJob(webhooks, hookAt(receiver.url)), services);
  const { deliveries } = services;
  const everybody = { free: 9, newcomer: 9, others: new Map() };
  const [id = ''] = await deliveries.take(everybody, 60_000);
  await deliver(webhooks);
  expect(receiver.seen).toEqual([]);
  // The hold of an attempt that is over has no effect.
  await deliveries.hold('tenant', [{ id, round: 1 }], 0);
  expect(await deliveries.take(everybody, 60_000)).toEqual([]);
  await deliveries.hold('tenant', [{ id, round: 0 }], 0);
  await deliver(webhooks);
  expect(await onlyDelivery(webhooks)).toMatchObject({ id, state: 'delivered', round: 1 });

  // The first worker resumes, and its own attempt failed: the delivery stays delivered.
  const late = { at: new Date().toISOString(), round: 0, status: 500, error: null, duration_ms: 1, answer: '' };
  await deliveries.attempted(id, late, { state: 'pending', dueAt: 1 });
  expect(await onlyDelivery(webhooks)).toMatchObject({ state: 'delivered', round: 1, dueAt: null });
  expect(await deliveries.attemptsOf(id)).toMatchObject([{ status: 204 }, { status: 500 }]);
  expect(await deliveries.take(everybody, 60_000)).toEqual([]);
});
