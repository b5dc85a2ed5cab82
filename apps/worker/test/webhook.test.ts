import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../src/webhook/addresses.js';
import { createCourier } from '../src/webhook/courier.js';
import { retryDelayMs } from '../src/webhook/schedule.js';
import { signedHeaders } from '../src/webhook/sign.js';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes or so').toString('base64')}`;

describe('signatures', () => {
  it('are accepted by the reference implementation of Standard Webhooks', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        const headers = signedHeaders({ id: 'evt_1', body, secret, now: Date.now() });
        expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  it('do not fit another body', () => {
    const headers = signedHeaders({ id: 'evt_1', body: '{}', secret, now: Date.now() });
    expect(() => new Webhook(secret).verify('{ }', headers)).toThrow();
  });
});

describe('the schedule of attempts', () => {
  it('grows to ten hours, spreads by a fifth, and ends', () => {
    const bounds = [5e3, 3e5, 18e5, 72e5, 18e6, 36e6, 36e6];
    bounds.forEach((wait, index) => {
      const delay = retryDelayMs(index + 1) ?? 0;
      expect(delay).toBeGreaterThanOrEqual(wait * 0.8);
      expect(delay).toBeLessThanOrEqual(wait * 1.2);
    });
    expect(retryDelayMs(bounds.length + 1)).toBeNull();
  });
});

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'not-an-address',
  ])('%s leads inside', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the courier', () => {
  const courier = createCourier();
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' });
    response.end('ok');
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
  const delivery = (host: string, path: string, allowPrivate: boolean) => ({
    id: 'evt_1',
    tenant: 't',
    url: `http://${host}:${port}${path}`,
    allowPrivate,
    body: '{}',
    attempts: 0,
    done: false,
  });

  it('does not follow a redirect', async () => {
    expect(await courier.post(delivery('127.0.0.1', '/moved', true), {})).toMatchObject({ status: 302 });
    expect(hits).toEqual(['/moved']);
  });

  it.each(['127.0.0.1', 'localhost', '[::1]', '0x7f.1'])(
    'does not reach %s unless private addresses are allowed',
    async (host) => {
      const before = hits.length;
      expect(await courier.post(delivery(host, '/', false), {})).toMatchObject({
        status: null,
        error: 'the address is private',
      });
      expect(hits).toHaveLength(before);
    },
  );

  it('says why there was no answer', async () => {
    const reply = await courier.post({ ...delivery('127.0.0.1', '/', true), url: 'http://127.0.0.1:1/' }, {});
    expect(reply.status).toBeNull();
    expect(reply.error).toBeTruthy();
  });
});
