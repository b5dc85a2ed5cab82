import type { Job } from '@linkhaul/schemas';
import { jobsPage } from '@linkhaul/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { listenToAll } from './live.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

async function submit({ url }: Service = service): Promise<string> {
  return jobOf(await postJson(`${url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] })).id;
}

const act = (id: string, action: string, { url }: Service = service) =>
  ask(`${url}/v1/jobs/${id}/${action}`, { method: 'POST' });

async function remove(id: string, { services }: Service = service): Promise<void> {
  const job = { tenant: 'local', id };
  await services.jobSteps.act(job, { action: 'cancel', by: 'me' });
  await services.jobSteps.finish(job);
  await services.store.retire(job);
  expect(await services.removals.remove(job)).toMatchObject({ result: 'done' });
}

async function listed({ url }: Service): Promise<Job[]> {
  return jobsPage.parse(JSON.parse((await ask(`${url}/v1/jobs?limit=1000`)).text)).jobs;
}

/** A page that shows all jobs: it lists them at each reset, and keeps to what the stream says. */
async function openPage(own: Service, after?: string) {
  const shown = new Map<string, Job>();
  const deleted = new Set<string>();
  let listing: Promise<void> = Promise.resolve();
  const list = async () => {
    for (const job of await listed(own)) if (!deleted.has(job.id)) shown.set(job.id, job);
  };
  const listener = await listenToAll(own.url, {
    ...(after !== undefined && { after }),
    on({ name, id, job }) {
      if (name === 'reset') listing = list();
      if (job !== null) shown.set(job.id, job);
      if (name !== 'deleted' || id === null) return;
      shown.delete(id);
      deleted.add(id);
    },
  });
  return { listener, shown, listed: () => listing };
}

const statusesOf = (jobs: Iterable<Job>) => Object.fromEntries([...jobs].map(({ id, status }) => [id, status]));

it('begins with a reset, then tells of every job: made, changed, deleted', async () => {
  const listener = await listenToAll(service.url);
  expect(listener).toMatchObject({ status: 200, headers: { 'content-type': 'text/event-stream' } });
  const { events } = listener;
  await listener.until(() => events.length === 1);
  const id = await submit();
  const sees = (status: string) =>
    listener.until(() => events.some(({ job }) => job?.id === id && job.status === status));
  await sees('queued');
  await act(id, 'pause');
  await sees('paused');
  const paused = events.findLast(({ job }) => job?.id === id)?.job;
  expect(paused).toEqual(jobOf(await ask(`${service.url}/v1/jobs/${id}`)));
  await remove(id);
  await listener.until(() => events.some((event) => event.name === 'deleted' && event.id === id));
  expect(events.map(({ name }) => name)).toEqual(['reset', ...events.slice(1, -1).map(() => 'job'), 'deleted']);
  expect(new Set(events.map(({ place }) => place)).size).toBe(events.length);
});

it('goes on after the last event seen, and resets a listener whose place is not known', async () => {
  const first = await listenToAll(service.url);
  await first.until(() => first.events.length === 1);
  const id = await submit();
  await first.until(() => first.events.some((event) => event.id === id));
  first.leave();
  const { place = '' } = first.events.at(-1) ?? {};
  await act(id, 'pause');
  const back = await listenToAll(service.url, { after: place });
  await back.until(() => back.events.some(({ job }) => job?.id === id && job.status === 'paused'));
  expect(back.events.every(({ name }) => name === 'job')).toBe(true);
  for (const after of [`${place}999999`, `x${place}`, place.replace(/\d+$/, '-1'), 'nothing']) {
    const lost = await listenToAll(service.url, { after });
    await lost.until(() => lost.events.length > 0);
    expect(lost.events[0]?.name).toBe('reset');
  }
});

/** Does what a step says to a page and its jobs; gives the page that is open then. */
async function take(what: string, id: string | undefined, { own, page, ids }: Story): Promise<Page> {
  if (what === 'submit') ids.push(await submit(own));
  if (what === 'come back') {
    page.listener.leave();
    const back = await openPage(own, page.listener.events.at(-1)?.place);
    for (const [known, job] of page.shown) if (!back.shown.has(known)) back.shown.set(known, job);
    return back;
  }
  if (id === undefined) return page;
  if (what === 'remove') await remove(ids.splice(ids.indexOf(id), 1)[0] ?? '', own);
  if (what === 'pause' || what === 'resume') await act(id, what, own);
  return page;
}

type Page = Awaited<ReturnType<typeof openPage>>;
interface Story {
  readonly own: Service;
  readonly page: Page;
  readonly ids: string[];
}

it('a page that lists at each reset shows every job as it is, whatever happens and however often it comes back', async () => {
  const step = fc.constantFrom('submit', 'pause', 'resume', 'remove', 'come back');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat()), { minLength: 1, maxLength: 12 }), async (steps) => {
      const own = await starter.start();
      const ids: string[] = [];
      let page = await openPage(own);
      for (const [what, at] of steps) page = await take(what, ids[at % Math.max(1, ids.length)], { own, page, ids });
      const last = await submit(own);
      await page.listener.until(() => page.shown.has(last));
      await page.listed();
      const wanted = statusesOf(await listed(own));
      await expect.poll(() => statusesOf(page.shown.values())).toEqual(wanted);
      page.listener.leave();
    }),
    { numRuns: slowTries(6) },
  );
});

it('reads a job once a change for all who listen, and nothing where nobody does', async () => {
  const own = await starter.start();
  const id = await submit(own);
  const reads = vi.spyOn(own.services.store, 'get');
  const change = async (items: number) => {
    await own.redis.hset(own.keys.job({ tenant: 'local', id }), 'items', items);
    await own.redis.publish(own.keys.changes, `local/${id}`);
  };
  const all = await Promise.all(Array.from({ length: 20 }, () => listenToAll(own.url)));
  const from = performance.now();
  for (let items = 1; items <= 200; items++) await change(items);
  await Promise.all(all.map((one) => one.until(() => one.events.at(-1)?.job?.items === 200)));
  const rounds = 1 + Math.ceil(((performance.now() - from) / 1000) * 5);
  expect(reads.mock.calls.length).toBeLessThanOrEqual(rounds);
  for (const { events } of all) expect(events.filter(({ name }) => name === 'job').length).toBeLessThanOrEqual(rounds);

  const { place = '' } = all[0]?.events.at(-1) ?? {};
  for (const one of all) one.leave();
  await expect.poll(() => own.services.feeds.followers('local')).toBe(0);
  reads.mockClear();
  await change(201);
  expect(reads).not.toHaveBeenCalled();
  const back = await listenToAll(own.url, { after: place });
  await back.until(() => back.events.at(-1)?.job?.items === 201);
  expect(back.events).toHaveLength(1);
});

it('resets listeners when Redis was away, since changes may have been missed', async () => {
  const own = await starter.start();
  const listener = await listenToAll(own.url);
  await listener.until(() => listener.events.length === 1);
  own.subscriber.disconnect(true);
  await listener.until(() => listener.events.filter(({ name }) => name === 'reset').length === 2);
  const id = await submit(own);
  await listener.until(() => listener.events.at(-1)?.job?.id === id);
});

it('counts among the listeners of a tenant, tells nothing of other tenants, and ends with the process', async () => {
  const own = await starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant' });
  const as = (key: string) => ({ headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'] });
  const make = async (key: string) => jobOf(await ask(`${own.url}/v1/jobs`, { ...as(key), method: 'POST', body })).id;
  const listener = await listenToAll(own.url, { key: 'key-a-of-a-tenant' });
  await listener.until(() => listener.events.length === 1);
  await make('key-b-of-a-tenant');
  const id = await make('key-a-of-a-tenant');
  await listener.until(() => listener.events.some((event) => event.id === id));
  expect(listener.events.every((event) => event.id === null || event.id === id)).toBe(true);
  const { feeds } = own.services;
  for (let at = 1; at < 1000; at++) feeds.follow({ tenant: 'alpha', id });
  problemOf(await ask(`${own.url}/v1/jobs/events`, as('key-a-of-a-tenant')), 'too_many_requests');
  feeds.close();
  await listener.ended;
});
