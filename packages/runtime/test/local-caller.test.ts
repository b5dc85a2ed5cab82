import { expect, test } from 'vitest';
import { isLocalCaller } from '../src/index.js';

const local = (headers: Record<string, string>, remoteAddress: string | undefined = '127.0.0.1', httpVersion = '1.1') =>
  isLocalCaller({ socket: { remoteAddress }, httpVersion, headers });
const host = '127.0.0.1:8080';

test.each([
  { host },
  { host: 'localhost' },
  { host: 'LOCALHOST:8080' },
  { host: '[::1]:8080' },
  { host: '127.1.2.3' },
  { host, origin: 'http://127.0.0.1:8080' },
  { host, 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:8080' },
  { host, 'sec-fetch-site': 'none' },
])('%j is of this machine, and of no page of others', (headers) => {
  expect(local(headers)).toBe(true);
});

test.each([
  {},
  { host: '' },
  { host: 'example.com' },
  { host: '127.0.0.1.example.com' },
  { host: '127.0.0.1@example.com' },
  { host: 'localhost.example.com:8080' },
  { host: '0.0.0.0:8080' },
  { host: '10.0.0.1' },
  { host: '[::2]' },
  { host: '[::ffff:8.8.8.8]' },
  { host, origin: 'null' },
  { host, origin: '' },
  { host, origin: 'https://example.com' },
  { host, origin: 'http://localhost:8080' },
  { host, origin: 'http://127.0.0.1:3000' },
  { host, origin: 'http://127.0.0.1' },
  { host, origin: 'file://' },
  { host, 'sec-fetch-site': 'cross-site' },
  { host, 'sec-fetch-site': 'same-site' },
  { host, 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:8080' },
  { host, 'sec-fetch-site': 'anything' },
  { host, 'x-forwarded-for': '198.51.100.1' },
  { host, 'x-forwarded-for': '127.0.0.1' },
  { host, 'x-forwarded-for': '' },
  { host, 'x-real-ip': '198.51.100.1' },
  { host, forwarded: 'for=198.51.100.1' },
  { host, via: '1.1 proxy' },
])('%j is not', (headers) => {
  expect(local(headers)).toBe(false);
});

test.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])('a connection from %s is of this machine', (peer) => {
  expect(local({ host }, peer)).toBe(true);
});

test.each(['', '10.0.0.1', '198.51.100.1', '::2', '::ffff:10.0.0.1'])(
  'one from %j is not, whatever its Host says',
  (peer) => {
    expect(local({ host }, peer)).toBe(false);
  },
);

test('a proxy that speaks HTTP/1.0 and names nobody is no caller of this machine', () => {
  expect(local({ host }, '127.0.0.1', '1.0')).toBe(false);
});
