import type { JobRef } from '@linkhaul/storage';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { listenTo } from './live.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

async function submit({ url }: Service = service): Promise<JobRef & { readonly url: string }> {
  const { tenant, id } = jobOf(await postJson(`${url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
  return { tenant, id, url: `${url}/v1/jobs/${id}` };
}

const act = (job: { url: string }, action: string) => ask(`${job.url}/${action}`, { method: 'POST' });

async function closed(job: JobRef): Promise<void> {
  const { jobSteps } = service.services;
  await jobSteps.act(job, { action: 'cancel', by: 'me' });
  expect(await jobSteps.finish(job)).toBe('cancelled');
}

/** A change of the job, as the ledger makes many of. */
async function count({ redis, keys }: Service, job: JobRef, items: number): Promise<void> {
  await redis.hset(keys.job(job), 'items', items);
  await redis.publish(keys.changes, `${job.tenant}/${job.id}`);
}

it('tells the state at once, then each change, and ends with the job', async () => {
  const job = await submit();
  const listener = await listenTo(`${job.url}/events`);
  expect(listener).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
  await listener.received(1);
  await act(job, 'pause');
  await listener.received(2);
  await closed(job);
  await listener.ended;
  expect(listener.states.map((state) => state.job.status)).toEqual(['queued', 'paused', 'cancelled']);
  expect(listener.states.at(-1)?.job).toEqual(jobOf(await ask(job.url)));
});

it('goes on where a listener left: nothing twice, and the present state where it is another', async () => {
  const job = await submit();
  const first = await listenTo(`${job.url}/events`);
  await first.received(1);
  first.leave();
  const { id } = first.states[0] ?? { id: '' };
  const same = await listenTo(`${job.url}/events`, id);
  await act(job, 'pause');
  await same.received(1);
  expect(same.states.map((state) => state.job.status)).toEqual(['paused']);
  const missed = await listenTo(`${job.url}/events`, id);
  await missed.received(1);
  expect(missed.states).toEqual(same.states);

  await closed(job);
  await missed.ended;
  const late = await listenTo(`${job.url}/events`, id);
  await late.ended;
  expect(late.states.map((state) => state.job.status)).toEqual(['cancelled']);
  expect((await ask(`${job.url}/events`, { headers: { 'last-event-id': late.states[0]?.id ?? '' } })).status).toBe(204);
});

it('reads a job once a change for all who listen, at most five times a second, and stops when they have left', async () => {
  const own = await starter.start();
  const job = await submit(own);
  const reads = vi.spyOn(own.services.store, 'get');
  const readsAlone = async (listeners: number) => {
    const all = await Promise.all(Array.from({ length: listeners }, () => listenTo(`${job.url}/events`)));
    await Promise.all(all.map((listener) => listener.received(1)));
    reads.mockClear();
    const from = performance.now();
    for (let items = 1; items <= 200; items++) await count(own, job, 1000 * listeners + items);
    await Promise.all(all.map((listener) => listener.received(2)));
    const last = () => all.every(({ states }) => states.at(-1)?.job.items === 1000 * listeners + 200);
    for (let states = 3; !last(); states++) await Promise.all(all.map((listener) => listener.received(states)));
    const seconds = (performance.now() - from) / 1000;
    for (const listener of all) {
      expect(listener.states.length).toBeLessThanOrEqual(1 + Math.ceil(seconds * 5));
      expect(new Set(listener.states.map(({ id }) => id)).size).toBe(listener.states.length);
      listener.leave();
    }
    expect(reads.mock.calls.length).toBeLessThanOrEqual(1 + Math.ceil(seconds * 5));
  };
  await readsAlone(1);
  await readsAlone(20);
  // A new listener finds a feed that has stopped or the one that still runs: either way it gets the state.
  const again = await listenTo(`${job.url}/events`);
  await again.received(1);
});

it('shows a silent reader that it is still there', async () => {
  const job = await submit();
  const leave = new AbortController();
  const response = await fetch(`${job.url}/events`, { signal: leave.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('\n: still here\n')) text += (await reader?.read())?.value ?? '';
  leave.abort();
});

it('drops what a slow reader missed, and keeps nothing for it', async () => {
  const job = await submit();
  const padding = 'x'.repeat(500_000);
  await service.redis.hset(service.keys.job(job), 'reason', padding);
  const slow = await listenTo(`${job.url}/events`);
  const quick = await listenTo(`${job.url}/events`);
  await quick.received(1);
  slow.pause();
  for (let items = 1; items <= 20; items++) {
    await count(service, job, items);
    await quick.received(1 + items);
  }
  slow.resume();
  while (slow.states.at(-1)?.job.items !== 20) await slow.received(slow.states.length + 1);
  expect(slow.states.length).toBeLessThan(quick.states.length);
});

it('serves five hundred listeners from one process', async () => {
  const job = await submit();
  const all = await Promise.all(Array.from({ length: 500 }, () => listenTo(`${job.url}/events`)));
  await Promise.all(all.map((listener) => listener.received(1)));
  await act(job, 'pause');
  await Promise.all(all.map((listener) => listener.received(2)));
  await closed(job);
  await Promise.all(all.map((listener) => listener.ended));
  for (const { states } of all) {
    expect(states.map((state) => state.job.status)).toEqual(['queued', 'paused', 'cancelled']);
  }
});

it('takes a thousand listeners of a tenant, and another when one has left', async () => {
  const own = await starter.start();
  const job = await submit(own);
  const { feeds } = own.services;
  const others = Array.from({ length: 999 }, () => feeds.follow(job));
  const last = await listenTo(`${job.url}/events`);
  await last.received(1);
  const refused = await ask(`${job.url}/events`);
  problemOf(refused, 'too_many_requests');
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(feeds.hasRoom('somebody-else')).toBe(true);
  last.leave();
  await expect.poll(() => feeds.hasRoom(job.tenant)).toBe(true);
  const next = await listenTo(`${job.url}/events`);
  await next.received(1);
  next.leave();
  for (const follower of others) {
    follower.release();
    follower.release();
  }
  await expect.poll(() => feeds.hasRoom(job.tenant)).toBe(true);
  for (let at = 0; at < 1000; at++) feeds.follow(job);
  expect(feeds.hasRoom(job.tenant)).toBe(false);
});

it('ends its streams when the process stops, and is nobody else’s to listen to', async () => {
  const own = await starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant' });
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'] });
  const { id } = jobOf(await ask(`${own.url}/v1/jobs`, { ...as('key-a-of-a-tenant'), method: 'POST', body }));
  problemOf(await ask(`${own.url}/v1/jobs/${id}/events`, as('key-b-of-a-tenant')), 'not_found');
  problemOf(await ask(`${own.url}/v1/jobs/job_none/events`, as('key-a-of-a-tenant')), 'not_found');

  const job = await submit();
  const listener = await listenTo(`${job.url}/events`);
  await listener.received(1);
  service.services.feeds.close();
  await listener.ended;
});
