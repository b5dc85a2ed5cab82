import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCourier, verifyWebhook } from '../../src/index.js';
import { deliveryErrorOf } from '../../src/webhook/delivery-error.js';
import { signedHeaders } from '../../src/webhook/sign.js';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const secret = secretOf('a secret of thirty-two bytes or so');
const older = secretOf('another one, that was in use before');

describe('signatures', () => {
  it('are accepted by the reference implementation of Standard Webhooks, and by our own', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        const headers = signedHeaders({ id: 'evt_1', body, secrets: [secret], now: Date.now() });
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
        expect(verifyWebhook({ secret, headers, body }).payload).toEqual(JSON.parse(body));
      }),
    );
  });

  it('fit the new secret and the old one while both count', () => {
    const headers = signedHeaders({ id: 'evt_1', body: '{}', secrets: [secret, older], now: Date.now() });
    expect(new Webhook(secret).verify('{}', headers)).toEqual({});
    expect(new Webhook(older).verify('{}', headers)).toEqual({});
    expect(() => new Webhook(secretOf('a third one, of somebody else, here')).verify('{}', headers)).toThrow();
  });

  it('do not fit another body', () => {
    const headers = signedHeaders({ id: 'evt_1', body: '{}', secrets: [secret], now: Date.now() });
    expect(() => new Webhook(secret).verify('{ }', headers)).toThrow();
  });
});

function sendWithoutEnd(response: ServerResponse): void {
  if (response.destroyed) return;
  response.write('x'.repeat(700));
  setImmediate(sendWithoutEnd, response);
}

describe('the courier', () => {
  const courier = createCourier();
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' });
    if (request.url === '/endless') sendWithoutEnd(response);
    else if (request.url === '/broken') response.write('half', () => response.destroy());
    else response.end('ok');
  });
  let port = 0;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.close();
    await courier.close();
  });
  const message = (host: string, path: string, allowPrivate: boolean) => ({
    id: 'evt_1',
    url: `http://${host}:${port}${path}`,
    allowPrivate,
    body: '{}',
    at: Date.now(),
  });

  it('does not follow a redirect', async () => {
    expect(await courier.post(message('127.0.0.1', '/moved', true), [secret])).toMatchObject({ status: 302 });
    expect(hits).toEqual(['/moved']);
  });

  it('brings back the status and the beginning of the answer, however it goes on', async () => {
    const post = (path: string) => courier.post(message('127.0.0.1', path, true), [secret]);
    expect(await post('/')).toMatchObject({ status: 200, error: null, answer: 'ok' });
    expect(await post('/endless')).toMatchObject({ status: 200, error: null, answer: 'x'.repeat(1024) });
    expect(await post('/broken')).toMatchObject({ status: 200, error: null });
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433'])(
    'does not reach %s unless private addresses are allowed',
    async (host) => {
      const before = hits.length;
      expect(await courier.post(message(host, '/', false), [secret])).toMatchObject({
        status: null,
        error: 'no_address',
        answer: null,
      });
      expect(hits).toHaveLength(before);
    },
  );

  it.each([true, false])('says the same of an address that is none', async (allowPrivate) => {
    const nowhere = { ...message('a.com', '/', allowPrivate), url: 'https://a%20b.com/' };
    expect(await courier.post(nowhere, [secret])).toMatchObject({ status: null, error: 'no_address' });
  });

  it('says the same of a private name and of one that does not exist', async () => {
    const of = async (host: string) => {
      const reply = await courier.post(message(host, '/', false), [secret]);
      return { ...reply, duration_ms: null };
    };
    expect(await of('no-such-host.invalid')).toEqual(await of('localhost'));
  });

  it('says why there was no answer', async () => {
    const nobody = { ...message('127.0.0.1', '/', true), url: 'http://127.0.0.1:1/' };
    expect(await courier.post(nobody, [secret])).toMatchObject({ status: null, error: 'connection_refused' });
  });

  it.each([
    [Object.assign(new Error(), { name: 'TimeoutError' }), 'timeout'],
    [Object.assign(new Error(), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'tls'],
    [Object.assign(new Error(), { code: 'ECONNRESET' }), 'connection_failed'],
    ['no error at all', 'connection_failed'],
  ])('names %s', (error, name) => {
    expect(deliveryErrorOf(error)).toBe(name);
  });
});
