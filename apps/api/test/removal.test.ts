import { paths } from '@linkhaul/storage';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { recordDelivery } from './recorded-delivery.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeEach(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const submit = (body: object = {}) =>
  postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com', 'bad'], tag: 'weekly', ...body });
const urlOf = (id: string) => `${service.url}/v1/jobs/${id}`;
const remove = (id: string) => ask(urlOf(id), { method: 'DELETE' });

/** A job that is finished, and whose end is announced. */
async function finished(body: object = {}): Promise<string> {
  const { id } = jobOf(await submit(body));
  const job = { tenant: 'local', id };
  const worker = await createWorker(service, job);
  await worker.plan();
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
  await worker.finish();
  await service.services.store.retire(job);
  return id;
}

/** Keys that bear a job's name. Messages that no worker took are BullMQ's own, and what the job has cost outlives it. */
const keysOf = async (id: string): Promise<string[]> =>
  (await service.redis.keys(`${service.keys.root}:*${id}*`)).filter(
    (key) => !key.startsWith(service.keys.bull) && key !== service.keys.jobUsage({ tenant: 'local', id }),
  );

const EVERYBODY = { free: 100, newcomer: 100, others: new Map() };

describe('DELETE', () => {
  it('takes a finished job away at once, with every key that it had', async () => {
    const id = await finished();
    expect((await remove(id)).status).toBe(204);
    for (const path of [urlOf(id), `${urlOf(id)}/results`, `${urlOf(id)}/rows`, `${service.url}/v1/tags/weekly`]) {
      problemOf(await ask(path), 'not_found');
    }
    problemOf(await remove(id), 'not_found');
    expect(JSON.parse((await ask(`${service.url}/v1/tags`)).text).tags).toEqual([]);
    expect(JSON.parse((await ask(`${service.url}/v1/jobs`)).text).jobs).toEqual([]);
    expect(await keysOf(id)).toEqual([]);
    expect(await service.redis.zcard(service.keys.expiring)).toBe(0);
    expect(await service.redis.keys(`${service.keys.root}:usage:*`)).not.toEqual([]);
  });

  it('takes what is counted of its failed and skipped rows too', async () => {
    const { id } = jobOf(await submit());
    const job = { tenant: 'local', id };
    await ask(`${urlOf(id)}/cancel`, { method: 'POST' });
    await service.services.jobSteps.finish(job);
    await service.services.store.retire(job);
    expect((await remove(id)).status).toBe(204);
    expect(await keysOf(id)).toEqual([]);
  });

  it('is refused until nothing is open, and while the end is announced', async () => {
    const { id } = jobOf(await submit());
    const job = { tenant: 'local', id };
    problemOf(await remove(id), 'conflict');
    const worker = await createWorker(service, job);
    await worker.plan();
    await worker.send();
    problemOf(await remove(id), 'conflict');
    await ask(`${urlOf(id)}/cancel`, { method: 'POST' });
    problemOf(await remove(id), 'conflict');
    await worker.settle(1, { outcome: { kind: 'bulk', items: [-1] } });
    await worker.finish();
    const waiting = remove(id);
    await service.services.store.retire(job);
    expect((await waiting).status).toBe(204);
  });

  it('names what is left in storage until it is removed twice', async () => {
    const id = await finished();
    const { removals, storage } = service.services;
    const job = { tenant: 'local', id };
    await remove(id);
    expect(await removals.leftovers(10)).toEqual([job]);
    // A crash between the removal of the bytes and the word of it: named again.
    await storage.remove(paths.job(job));
    expect(await removals.leftovers(10)).toEqual([job]);
    await removals.cleared(job);
    expect(await removals.leftovers(10)).toEqual([]);
    expect(await service.redis.zcard(service.keys.swept)).toBe(1);
    await service.redis.zadd(service.keys.swept, 0, `local/${id}`);
    expect(await removals.leftovers(10)).toEqual([job]);
    await removals.cleared(job);
    expect(await removals.leftovers(10)).toEqual([]);
    expect(await storage.list(paths.job(job))).toEqual([]);
  });

  it('takes the records of its deliveries along; what is still to be delivered is, and goes then', async () => {
    const { deliveries, events, jobSteps, store } = service.services;
    const { id } = jobOf(await submit());
    const job = { tenant: 'local', id };
    const attempt = { at: new Date(0).toISOString(), round: 0, status: 200, error: null, duration_ms: 1, answer: '' };
    const told: string[] = [];
    for (const action of ['pause', 'resume', 'pause'] as const) {
      await ask(`${urlOf(id)}/${action}`, { method: 'POST' });
      told.push(await recordDelivery(service, job, 'http://127.0.0.1:9'));
    }
    const [delivered = '', failed = '', pending = ''] = told;
    await deliveries.attempted(delivered, attempt, { state: 'delivered' });
    await deliveries.attempted(failed, attempt, { state: 'failed' });
    await ask(`${urlOf(id)}/cancel`, { method: 'POST' });
    await jobSteps.finish(job);
    await store.retire(job);
    const last = (await events.list('local', { after: null, limit: 100 })).events.at(-1);
    expect((await remove(id)).status).toBe(204);
    for (const gone of [delivered, failed]) expect(await deliveries.get(gone)).toBeNull();
    // The end of the job, which a worker had begun to announce.
    if (last === undefined) throw new Error('nothing has happened');
    const late = { at: last, event: last.type, job: id, url: 'http://127.0.0.1:9', allowPrivate: true, body: '{}' };
    await deliveries.record({ id: last.id, ...late });
    for (const open of [pending, last.id]) {
      await deliveries.attempted(open, attempt, { state: 'pending', dueAt: 5 });
      expect(await deliveries.get(open)).toMatchObject({ state: 'pending', round: 1, body: expect.any(String) });
      expect(await deliveries.take(EVERYBODY, 0)).toContain(open);
      await deliveries.attempted(open, { ...attempt, round: 1 }, { state: 'delivered' });
      expect(await deliveries.get(open)).toBeNull();
      await deliveries.attempted(open, attempt, { state: 'pending', dueAt: 5 });
    }
    expect((await deliveries.list('local', { job: null, after: null, limit: 100 })).deliveries).toEqual([]);
    expect(await service.redis.keys(`${service.keys.root}:deliver*`)).toEqual([]);
    expect(await keysOf(id)).toEqual([]);
  });

  it('leaves a delivery that is given up after it, with what it says, and none that it took along', async () => {
    const { deliveries, jobSteps, store } = service.services;
    const { id } = jobOf(await submit());
    const job = { tenant: 'local', id };
    const attempt = { at: new Date(0).toISOString(), status: 500, error: null, duration_ms: 1, answer: '' };
    const first = { ...attempt, round: 0 };
    await ask(`${urlOf(id)}/pause`, { method: 'POST' });
    const delivered = await recordDelivery(service, job, 'http://127.0.0.1:9');
    await deliveries.attempted(delivered, first, { state: 'delivered' });
    await ask(`${urlOf(id)}/cancel`, { method: 'POST' });
    await jobSteps.finish(job);
    await store.retire(job);
    const open = await recordDelivery(service, job, 'http://127.0.0.1:9');
    expect((await remove(id)).status).toBe(204);
    await deliveries.attempted(open, first, { state: 'failed' });
    const listed = await ask(`${service.url}/v1/deliveries?status=failed`);
    expect(JSON.parse(listed.text)).toMatchObject({ deliveries: [{ id: open, attempts: [attempt] }] });
    expect(await service.redis.pttl(service.keys.delivery(open))).toBeGreaterThan(0);
    const again = await ask(`${service.url}/v1/deliveries/${open}/redeliver`, { method: 'POST' });
    expect(JSON.parse(again.text)).toMatchObject({ id: open, status: 'pending' });
    expect(await service.redis.pttl(service.keys.delivery(open))).toBe(-1);
    expect(await deliveries.get(open)).toMatchObject({ body: expect.any(String) });
    await deliveries.attempted(open, { ...attempt, round: 2 }, { state: 'delivered' });
    expect(await deliveries.again(open, '{}')).toBe(false);
    expect(await deliveries.again(delivered, '{}')).toBe(false);
    expect(await deliveries.take(EVERYBODY, 0)).not.toContain(open);
  });

  it('counts nothing of an answer that comes after it', async () => {
    const id = await finished();
    await remove(id);
    const job = { tenant: 'local', id };
    const late = { cost: 5, sentAt: 1, delayMs: 0, countsAs: 'failure' as const };
    await service.services.ledger.defer({ job, call: 1, attempt: 9 }, late);
    expect(await keysOf(id)).toEqual([]);
  });
});

describe('on_overlap=reject', () => {
  it('is refused while another job of its tag and endpoint is not finished, and leaves nothing', async () => {
    const { id } = jobOf(await submit());
    const before = await service.leftovers();
    const refused = problemOf(await submit({ on_overlap: 'reject' }), 'conflict');
    expect(refused.detail).toContain(id);
    expect((await service.leftovers()).toSorted()).toEqual(before.toSorted());
    expect(jobOf(await submit({ on_overlap: 'reject', endpoint: 'domain_pages' })).on_overlap).toBe('reject');
    expect(jobOf(await submit({ on_overlap: 'reject', tag: 'other' })).status).toBe('queued');
    await ask(`${urlOf(id)}/cancel`, { method: 'POST' });
    problemOf(await submit({ on_overlap: 'reject' }), 'conflict');
    await service.services.jobSteps.finish({ tenant: 'local', id });
    expect(jobOf(await submit({ on_overlap: 'reject' })).status).toBe('queued');
  });

  it('lets one of many at once through', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit({ on_overlap: 'reject' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, ...Array.from({ length: 19 }, () => 409)]);
  });
});

describe('a finished job', () => {
  it('says when its time is over', async () => {
    const record = jobOf(await ask(urlOf(await finished({ retention_days: 2 }))));
    expect(record.retention_days).toBe(2);
    const days = (Date.parse(record.expires_at ?? '') - Date.parse(record.finished_at ?? '')) / 86_400_000;
    expect(days).toBe(2);
    expect(jobOf(await submit()).expires_at).toBeNull();
    expect(jobOf(await submit()).retention_days).toBe(30);
  });
});
