import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '@linkhaul/client';
import { deliveriesPage, deliveryAttempt, eventsPage } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Answer, ask, jobOf, postJson, problemOf } from './http.js';
import { recordDelivery } from './recorded-delivery.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
/** What came to the receiver, and what it answers. */
const seen: { headers: Record<string, string>; body: string }[] = [];
const receiver = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  seen.push({ headers, body: Buffer.concat(chunks).toString('utf8') });
  response.writeHead(418).end('a teapot');
});
let hook = '';

beforeAll(async () => {
  service = await starter.start();
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(async () => {
  receiver.close();
  await starter.closeAll();
});

const put = (url: string, body: unknown) =>
  ask(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const post = (url: string) => ask(url, { method: 'POST' });

function bodyOf<T extends z.ZodType>(answer: Answer, form: T): z.output<T> {
  expect(answer.status, answer.text).toBe(200);
  return form.parse(JSON.parse(answer.text));
}

async function submit({ url }: Service, fields: Record<string, unknown> = {}): Promise<JobRef> {
  const body = { endpoint: 'bulk_backlinks', targets: ['a.com'], ...fields };
  const { tenant, id } = jobOf(await postJson(`${url}/v1/jobs`, body));
  return { tenant, id };
}

const attempt = (status: number, round = 0) => {
  return { at: new Date().toISOString(), round, status, error: null, duration_ms: 1, answer: '' };
};

describe('events', () => {
  it('are listed in order behind the last one seen', async () => {
    const own = await starter.start();
    const job = await submit(own);
    for (const action of ['pause', 'resume', 'pause']) await post(`${own.url}/v1/jobs/${job.id}/${action}`);
    const first = bodyOf(await ask(`${own.url}/v1/events?limit=2`), eventsPage);
    expect(first.events.map(({ type }) => type)).toEqual(['job.paused', 'job.resumed']);
    expect(first.events[0]?.data).toMatchObject({ job: { id: job.id, status: 'paused' } });
    const second = bodyOf(await ask(`${own.url}/v1/events?after=${first.next_cursor}`), eventsPage);
    expect(second).toMatchObject({ events: [{ type: 'job.paused' }], next_cursor: null });
    const last = second.events[0]?.id;
    expect(bodyOf(await ask(`${own.url}/v1/events?after=${last}`), eventsPage).events).toEqual([]);
    problemOf(await ask(`${own.url}/v1/events?after=yesterday`), 'invalid_request');
  });
});

describe('deliveries', () => {
  it('are shown with their attempts, by job and by status, page by page', async () => {
    const own = await starter.start();
    const jobs = [await submit(own), await submit(own), await submit(own)];
    const ids: string[] = [];
    for (const job of jobs) {
      await post(`${own.url}/v1/jobs/${job.id}/pause`);
      ids.push(await recordDelivery(own, job, hook));
    }
    const { deliveries } = own.services;
    await deliveries.attempted(ids[0] ?? '', attempt(500), { state: 'pending', dueAt: 4_000_000_000_000 });
    await deliveries.attempted(ids[1] ?? '', attempt(410), { state: 'failed' });
    const of = async (query: string) => bodyOf(await ask(`${own.url}/v1/deliveries?${query}`), deliveriesPage);
    const all = await of('');
    expect(new Set(all.deliveries.map(({ id }) => id))).toEqual(new Set(ids));
    expect((await of('status=failed,delivered')).deliveries.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await of(`job=${jobs[0]?.id}`)).deliveries).toEqual([
      {
        id: ids[0],
        event: 'job.paused',
        job: jobs[0]?.id,
        url: hook,
        status: 'pending',
        created_at: expect.any(String),
        next_attempt_at: new Date(4_000_000_000_000).toISOString(),
        attempts: [expect.objectContaining({ status: 500 })],
      },
    ]);
    const paged: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: z.infer<typeof deliveriesPage> = await of(`limit=1${cursor && `&cursor=${cursor}`}`);
      paged.push(...page.deliveries.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all.deliveries.map(({ id }) => id));
    for (const query of ['status=lost', 'job=nothing', 'cursor=1', 'jobs=1']) {
      expect((await ask(`${own.url}/v1/deliveries?${query}`)).status).toBeGreaterThan(400);
    }
  });

  it('are sent again with the same id and body, also when they were given up', async () => {
    const job = await submit(service);
    await post(`${service.url}/v1/jobs/${job.id}/pause`);
    const id = await recordDelivery(service, job, hook);
    const { deliveries } = service.services;
    const again = async () => await post(`${service.url}/v1/deliveries/${id}/redeliver`);
    const taken = () => deliveries.take({ free: 9, newcomer: 9, others: new Map() }, 60_000);
    expect(await again()).toMatchObject({ status: 202 });
    expect(await deliveries.get(id)).toMatchObject({ round: 1, body: '{"as":"it was"}' });
    expect(await taken()).toEqual([id]);

    await deliveries.attempted(id, attempt(200, 1), { state: 'delivered' });
    expect(await taken()).toEqual([]);
    const answer = await again();
    expect(JSON.parse(answer.text)).toMatchObject({ id, status: 'pending' });
    expect(await taken()).toEqual([id]);
    const body = JSON.parse((await deliveries.get(id))?.body ?? '');
    expect(body).toMatchObject({ type: 'job.paused', data: { job: { id: job.id, status: 'paused' } } });
    problemOf(await post(`${service.url}/v1/deliveries/evt_1_1_000000000000/redeliver`), 'not_found');
    problemOf(await post(`${service.url}/v1/deliveries/nothing/redeliver`), 'not_found');
  });
});

describe('another tenant', () => {
  it('sees no event and no delivery of a job, and changes nothing of its webhooks', async () => {
    const own = await starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant' });
    const as = (key: string, method = 'GET', body?: unknown): RequestInit => ({
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const fields = { endpoint: 'bulk_backlinks', targets: ['a.com'] };
    const job = jobOf(await ask(`${own.url}/v1/jobs`, as('key-a-of-a-tenant', 'POST', fields)));
    await ask(`${own.url}/v1/jobs/${job.id}/pause`, as('key-a-of-a-tenant', 'POST'));
    const id = await recordDelivery(own, { tenant: 'alpha', id: job.id }, hook);
    const url = `${own.url}/v1/deliveries/${id}/redeliver`;
    problemOf(await ask(url, as('key-b-of-a-tenant', 'POST')), 'not_found');
    expect(bodyOf(await ask(`${own.url}/v1/events`, as('key-b-of-a-tenant')), eventsPage).events).toEqual([]);
    for (const query of ['', `?job=${job.id}`, `?cursor=${id}`]) {
      const page = bodyOf(await ask(`${own.url}/v1/deliveries${query}`, as('key-b-of-a-tenant')), deliveriesPage);
      expect(page.deliveries).toEqual([]);
    }
    expect(await ask(`${own.url}/v1/webhooks/default`, as('key-b-of-a-tenant', 'PUT', { url: hook }))).toMatchObject({
      status: 200,
    });
    expect(JSON.parse((await ask(`${own.url}/v1/webhooks/default`, as('key-a-of-a-tenant'))).text)).toEqual({
      url: null,
    });
    expect((await ask(url, as('key-a-of-a-tenant', 'POST'))).status).toBe(202);
  });
});

describe('the default webhook', () => {
  it('is taken by jobs that name none, as it is when they are accepted', async () => {
    const own = await starter.start();
    const url = `${own.url}/v1/webhooks/default`;
    const webhookOf = async (job: JobRef) => JSON.parse((await ask(`${own.url}/v1/jobs/${job.id}`)).text).webhook;
    expect(JSON.parse((await ask(url)).text)).toEqual({ url: null });
    const before = await submit(own);
    const set = { url: hook, events: ['job.failed', 'account.paused'] };
    expect(await put(url, set)).toMatchObject({ status: 200 });
    expect(JSON.parse((await ask(url)).text)).toEqual(set);
    const after = await submit(own);
    const named = await submit(own, { webhook: { url: `${hook}/own` } });
    await put(url, { url: hook, events: ['account.paused'] });
    const none = await submit(own);
    await put(url, { url: null });
    expect(JSON.parse((await ask(url)).text)).toEqual({ url: null });
    expect(await webhookOf(before)).toBeNull();
    expect(await webhookOf(after)).toEqual({ url: hook, events: ['job.failed'] });
    expect(await webhookOf(named)).toEqual({ url: `${hook}/own` });
    expect(await webhookOf(none)).toBeNull();
  });

  it('reaches private addresses only where the service allows them as the job is accepted', async () => {
    const loose = await starter.start();
    await put(`${loose.url}/v1/webhooks/default`, { url: hook });
    const same = { REDIS_PREFIX: loose.keys.root, STORAGE_URL: loose.storageUrl };
    const strict = await starter.start({ WEBHOOK_ALLOW_PRIVATE: '0', ...same });
    const allowed = async (own: Service) =>
      (await own.services.store.get(await submit(own)))?.description.webhook?.allowPrivate;
    expect([await allowed(loose), await allowed(strict)]).toEqual([true, false]);
  });

  it('is refused where it is none', async () => {
    const url = `${service.url}/v1/webhooks/default`;
    for (const body of [{}, { url: 'ftp://a.com' }, { url: 'https://me:secret@a.com' }, { url: hook, events: ['x'] }]) {
      problemOf(await put(url, body), 'invalid_request');
    }
    const answer = await postJson(`${service.url}/v1/jobs`, {
      endpoint: 'bulk_backlinks',
      targets: ['a.com'],
      webhook: { url: hook, events: ['account.paused'] },
    });
    problemOf(answer, 'invalid_request');
  });
});

describe('a test', () => {
  const test = ({ url }: Service, receiverUrl: string) => postJson(`${url}/v1/webhooks/test`, { url: receiverUrl });
  const tested = deliveryAttempt.extend({ id: z.string(), url: z.string() });

  it('is signed as all are, and answered with what came back', async () => {
    const reply = bodyOf(await test(service, hook), tested);
    expect(reply).toMatchObject({ url: hook, status: 418, error: null, answer: 'a teapot' });
    const got = seen.at(-1);
    const { secret } = JSON.parse((await ask(`${service.url}/v1/webhooks/secret`)).text);
    const verified = verifyWebhook({ secret, headers: got?.headers ?? {}, body: got?.body ?? '' });
    expect(verified).toMatchObject({ id: reply.id, payload: { type: 'webhook.test' } });
  });

  it('is refused while too many of the tenant wait, and only of that tenant', async () => {
    const keys = `a:${'a'.repeat(20)},b:${'b'.repeat(20)}`;
    const own = await starter.start({ LINKHAUL_API_KEYS: keys, WEBHOOK_ALLOW_PRIVATE: '1' });
    const held: ServerResponse[] = [];
    const slow = createServer((_, response) => {
      held.push(response);
      slow.emit('held');
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`;
    const testAs = (tenant: string) =>
      ask(`${own.url}/v1/webhooks/test`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.repeat(20)}`, 'content-type': 'application/json' },
        body: JSON.stringify({ url }),
      });
    const waiting = Array.from({ length: 10 }, () => testAs('a'));
    while (held.length < waiting.length) await once(slow, 'held');
    const refused = await testAs('a');
    problemOf(refused, 'too_many_requests');
    expect(refused.headers.get('retry-after')).toBe('15');
    const other = testAs('b');
    while (held.length < waiting.length + 1) await once(slow, 'held');
    for (const response of held.splice(0)) response.end('ok');
    for (const answer of await Promise.all([...waiting, other])) expect(answer.status).toBe(200);
    slow.close();
  });

  it('does not reach where webhooks must not', async () => {
    const own = await starter.start({ WEBHOOK_ALLOW_PRIVATE: '0' });
    const before = seen.length;
    for (const url of [hook, hook.replace('127.0.0.1', 'localhost'), hook.replace('127.0.0.1', '[::ffff:7f00:1]')]) {
      expect(bodyOf(await test(own, url), tested)).toMatchObject({ status: null, error: 'no_address', answer: null });
    }
    expect(seen).toHaveLength(before);
    for (const url of ['file:///etc/passwd', 'https://me:secret@a.com/', 'nothing']) {
      problemOf(await test(own, url), 'invalid_request');
    }
  });
});
