import { expect, it } from 'vitest';
import { z } from 'zod';
import { clientOf, readEnv, serverSettings } from '../src/index.js';

const schema = z.object(serverSettings);

function clientBehind(proxies: string, peer: string, forwarded?: string): string | null {
  const read = readEnv(schema, { TRUSTED_PROXIES: proxies });
  if (!read.ok) throw new Error(read.problems.join('; '));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return clientOf({ socket: { remoteAddress: peer }, headers }, read.env.TRUSTED_PROXIES);
}

it.each([
  ['198.51.100.7', '198.51.100.7'],
  ['::ffff:198.51.100.7', '198.51.100.7'],
  ['::1', '0:0:0:0::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('counts %s as %s', (peer, client) => {
  expect(clientBehind('10.0.0.0/8', peer, '192.0.2.1')).toBe(client);
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  // What a client writes itself stands before what the proxies add.
  ['203.0.113.9, 192.0.2.1', '192.0.2.1'],
  ['192.0.2.1, 10.9.9.9, 2001:db8:aaaa::1', '192.0.2.1'],
  ['192.0.2.1, unknown', null],
  ['unknown', null],
  ['', null],
  ['10.1.1.1', null],
  [undefined, null],
])('behind a trusted proxy, %s is forwarded for %s', (forwarded, client) => {
  for (const peer of ['10.0.0.1', '::ffff:10.0.0.1', '2001:db8:aaaa::5']) {
    expect(clientBehind('10.0.0.0/8, 2001:db8:aaaa::/48', peer, forwarded)).toBe(client);
  }
});

it('believes nobody where no proxy is named', () => {
  const { TRUSTED_PROXIES: proxies } = schema.parse({});
  const incoming = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': '192.0.2.1' } };
  expect(clientOf(incoming, proxies)).toBe('127.0.0.1');
});

it.each(['localhost', '10.0.0.0/33', '10.0.0', '10.0.0.1,', '::/129', '10.0.0.1/'])('refuses %s as a proxy', (text) => {
  const read = readEnv(schema, { TRUSTED_PROXIES: text });
  expect(read).toMatchObject({
    ok: false,
    problems: [expect.stringContaining('TRUSTED_PROXIES: must be IP addresses')],
  });
});
