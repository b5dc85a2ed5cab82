import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, jobOf, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
afterAll(starter.closeAll);

const KEYS = { LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant' };
const LIST = '/v1/jobs?endpoint=bulk_backlinks';

/** By hand: `fetch` sets some headers itself. */
function send(
  service: Service,
  path: string,
  { method = 'GET', headers = {}, body = '' },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { method, headers: { 'content-type': 'text/plain', ...headers }, agent: false };
    request(service.url + path, options, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, text: await text(answer) });
    })
      .on('error', reject)
      .end(body);
  });
}

describe('a service without keys', () => {
  it('takes nothing from a page of somebody else, nor from a proxy, whatever it asks for', async () => {
    const service = await starter.start();
    const pages: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://example.com' },
      { origin: 'http://127.0.0.1:3000' },
      { origin: 'null' },
      { host: `rebound.example.com:${service.port}` },
      { authorization: 'Bearer anything', origin: 'https://example.com' },
      // Of a proxy on this machine, which has written the Host.
      { 'x-forwarded-for': '198.51.100.1' },
      { forwarded: 'for=198.51.100.1' },
      { 'x-real-ip': '198.51.100.1' },
      { via: '1.1 proxy' },
    ];
    for (const headers of pages) {
      // Of the kinds that a browser sends without asking first.
      problemOf(await send(service, LIST, { method: 'POST', headers, body: 'a.com' }), 'forbidden_origin');
      problemOf(await send(service, '/v1/jobs', { headers }), 'forbidden_origin');
      problemOf(await send(service, '/v1/jobs', { method: 'OPTIONS', headers }), 'forbidden_origin');
      problemOf(await send(service, '/v1/jobs/job_1', { method: 'DELETE', headers }), 'forbidden_origin');
      if (headers.authorization === undefined) problemOf(await send(service, '/metrics', { headers }), 'forbidden');
    }
    expect(await service.leftovers()).toEqual([]);
    const own = { origin: service.url, 'sec-fetch-site': 'same-origin' };
    expect(
      jobOf({ headers: new Headers(), ...(await send(service, LIST, { method: 'POST', headers: own, body: 'a.com' })) })
        .rows.total,
    ).toBe(1);
  });
});

it('a proxy that names nobody and speaks HTTP/1.0, as nginx does by itself, is let into no service without keys', async () => {
  const service = await starter.start();
  for (const path of ['/v1/jobs', '/metrics']) {
    const answers = ['1.0', '1.1'].map((version) => {
      const socket = connect(service.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/${version}\r\nHost: 127.0.0.1:${service.port}\r\nConnection: close\r\n\r\n`);
      return text(socket);
    });
    const statuses = (await Promise.all(answers)).map((answer) => answer.split(' ')[1]);
    expect(statuses, path).toEqual(['403', '200']);
  }
});

describe('a wrong key', () => {
  it('is slowed by its address, and no right one that the operator has set or that was right before', async () => {
    const service = await starter.start({ ...KEYS, LINKHAUL_ADMIN_KEY: 'key-of-the-operator' });
    const get = (path: string, key: string) => ask(service.url + path, { headers: { authorization: `Bearer ${key}` } });
    const as = (key: string) => get('/v1/jobs', key);
    const made = (await service.services.apiKeys.create('alpha', { name: 'ci', scope: 'read' }))?.secret ?? '';
    expect((await as(made)).status).toBe(200);
    for (let tried = 0; tried < 20; tried++) problemOf(await as(`wrong-${tried}`), 'unauthorized');
    // Both forms: those that are looked up, and those that are not.
    const held = Array.from({ length: 60 }, (_, at) => as(at % 2 === 0 ? `more-${at}` : `lh_more-${at}`));
    const right = [
      as('key-a-of-a-tenant'),
      as('key-b-of-a-tenant'),
      get('/v1/keys?tenant=alpha', 'key-of-the-operator'),
      as(made),
    ];
    for (const answer of await Promise.all(right)) expect(answer.status).toBe(200);
    for (const answer of await Promise.all(held)) {
      problemOf(answer, 'too_many_requests');
      expect(answer.headers.get('retry-after')).toBe('60');
    }
    // Who has none guesses none.
    problemOf(await ask(`${service.url}/v1/jobs`), 'unauthorized');
  });

  it('is counted for the client behind a trusted proxy', async () => {
    const service = await starter.start({ ...KEYS, TRUSTED_PROXIES: '127.0.0.1' });
    const as = (key: string, address: string) =>
      ask(`${service.url}/v1/jobs`, { headers: { authorization: `Bearer ${key}`, 'x-forwarded-for': address } });
    for (let tried = 0; tried < 20; tried++) problemOf(await as('wrong', '198.51.100.1'), 'unauthorized');
    problemOf(await as('wrong', '198.51.100.1'), 'too_many_requests');
    problemOf(await as('wrong', '198.51.100.2'), 'unauthorized');
  });

  it.each([{}, { 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-for': 'unknown' }])(
    'of nobody, as a trusted proxy sends it with %j, slows nobody',
    async (headers) => {
      const service = await starter.start({ ...KEYS, TRUSTED_PROXIES: '127.0.0.1' });
      const as = (key: string) =>
        ask(`${service.url}/v1/jobs`, { headers: { authorization: `Bearer ${key}`, ...headers } });
      for (let tried = 0; tried < 25; tried++) problemOf(await as('wrong'), 'unauthorized');
    },
  );
});

it('every answer says that it is nothing else than it says', async () => {
  const service = await starter.start({ ...KEYS, METRICS_TOKEN: 'the-token-of-metrics' });
  const paths = [
    '/',
    '/docs',
    '/openapi.json',
    '/healthz',
    '/readyz',
    '/metrics',
    '/nothing',
    '/v1',
    '/v1/jobs',
    '/v1/nothing',
  ];
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'HEAD', 'OPTIONS', 'PATCH']) {
      const { headers } = await ask(service.url + path, { method, redirect: 'manual' });
      expect(headers.get('x-content-type-options'), `${method} ${path}`).toBe('nosniff');
    }
  }
});

it('a tag that does not exist is not told back whole', async () => {
  const service = await starter.start();
  const answer = await ask(`${service.url}/v1/tags/${'t'.repeat(8_000)}`);
  expect(problemOf(answer, 'not_found').detail.length).toBeLessThan(150);
});
