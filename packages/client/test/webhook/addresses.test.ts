import { BlockList } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type NameServer, startNameServer } from '../../../../stack/src/name-server.js';
import { createCourier } from '../../src/index.js';
import { isPublicAddress } from '../../src/webhook/addresses.js';

/** IPv4 networks that are not for everybody, each by its first and last address. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['168.63.129.16', '168.63.129.16'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '239.255.255.255'],
  ['240.0.0.0', '255.255.255.255'],
] as const;

const SPECIAL_IPV6 = [
  '::',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0000:0000:0000:0000:0000:0000:0000:0001',
  '::7f00:1',
  '::127.0.0.1',
  '::8.8.8.8',
  '::ffff:7f00:1',
  '::ffff:127.0.0.1',
  '::FFFF:10.0.0.1',
  '0:0:0:0:0:ffff:c0a8:1',
  '::ffff:169.254.169.254',
  '::ffff:a83f:8110',
  '::ffff:0:7f00:1',
  '::ffff:0:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b::192.88.99.1',
  '64:ff9b:1::8.8.8.8',
  '64:ff9b:1:ffff:ffff:ffff:808:808',
  '64:ff9c::8.8.8.8',
  '100::1',
  '100:0:0:1::1',
  '1fff:ffff::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:1::1',
  '2001:2::1',
  '2001:3::1',
  '2001:4:112::1',
  '2001:10::1',
  '2001:20::1',
  '2001:30::1',
  '2001:1ff:ffff::1',
  '2001:db8::1',
  '2001:db8:ffff:ffff::1',
  '2002::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '2620:4f:8000::1',
  '3fff::1',
  '3fff:fff:ffff::1',
  '4000::1',
  '5f00::1',
  '8000::1',
  'c000::1',
  'fc00::1',
  'fd00::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];

const PUBLIC = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '168.63.129.15',
  '168.63.129.17',
  '172.15.255.255',
  '172.32.0.1',
  '192.0.1.0',
  '192.88.98.255',
  '192.88.100.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2000::1',
  '2001:200::1',
  '2001:4860:4860::8888',
  '2001:db9::1',
  '2003::1',
  '2606:4700:4700::1111',
  '2a00:1450:4001:800::200e',
  '3ffe::1',
  '3fff:1000::1',
  '::ffff:8.8.8.8',
  '::ffff:808:808',
  '::ffff:0:8.8.8.8',
  '64:ff9b::8.8.8.8',
];

/** How one loopback, private or metadata address can be written in a URL; browsers and curl read some of them so. */
const SPELLINGS = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.1.',
  '2130706433',
  '2130706433.',
  '017700000001',
  '0x7f000001',
  '0X7F000001',
  '0x7f.0x0.0x0.0x1',
  '0x7f.1',
  '0177.0.0.1',
  '0177.0.0.01',
  '0177.0x0.0.1',
  '127.0.0x1',
  '00000177.00000000.00000000.00000001',
  '0',
  '0.0.0.0',
  '0x0',
  '00',
  '127.255.255.255',
  '127%2e0%2e0%2e1',
  '%31%32%37.0.0.1',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '１２７.０.０.１',
  '１２７。０。０。１',
  '①②⑦.⓪.⓪.①',
  '𝟏𝟐𝟕.𝟎.𝟎.𝟏',
  '𝟙𝟚𝟟.𝟘.𝟘.𝟙',
  '１27.0.0.①',
  '0x７f.1',
  '２１３０７０６４３３',
  '10.0.0.1',
  '10.1',
  '167772161',
  '0xa000001',
  '012.0.0.1',
  '192.168.1',
  '192.168.0.1',
  '3232235521',
  '0xc0a80001',
  '0300.0250.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '2886729729',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '0251.0376.0251.0376',
  '169.254.43518',
  '169.16689662',
  '１６９。２５４。１６９。２５４',
  '168.63.129.16',
  '2822734096',
  '0xa83f8110',
  '192.88.99.1',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '4294967295',
  '[::1]',
  '[::]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[::ffff:0:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
];

/** No URL has such a host: they are refused before anything is sent. */
const NO_HOSTS = [
  '%5B::1%5D',
  '[fe80::1%25eth0]',
  '[::1%1]',
  '[127.0.0.1]',
  '256.0.0.1',
  '0x100000000',
  '1.2.3.4.5',
  '127.0.0.1:',
  '::1',
];

describe('addresses', () => {
  const ipv4 = SPECIAL_IPV4.flat();
  it.each([...new Set([...ipv4, ...SPECIAL_IPV6])])('%s is not for webhooks', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(ipv4.flatMap((address) => [`::ffff:${address}`, `64:ff9b::${address}`, `::ffff:0:${address}`]))(
    '%s is judged by the IPv4 address inside',
    (address) => expect(isPublicAddress(address)).toBe(false),
  );

  it.each(PUBLIC)('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each(['', 'localhost', '1.2.3', '8.8.8.8.', '0x08.8.8.8', '2606:4700::1%eth0', 'fe80::1%1', '8.8.8.8/32'])(
    '%s is no address, and not public',
    (text) => expect(isPublicAddress(text)).toBe(false),
  );

  it('are special in every network of the table to its last bit, and nowhere else in IPv4', () => {
    const special = new BlockList();
    for (const [first, last] of SPECIAL_IPV4) special.addRange(first, last);
    const edges = ipv4.flatMap((address) => [numberOf(address) - 1, numberOf(address), numberOf(address) + 1]);
    const anywhere = fc.oneof(fc.constantFrom(...edges), fc.nat(0xffffffff));
    fc.assert(
      fc.property(anywhere, (number) => {
        const address = [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
        expect([address, isPublicAddress(address)]).toEqual([address, !special.check(address)]);
      }),
    );
  });
});

describe('a webhook to an address', () => {
  let names: NameServer;
  let courier: ReturnType<typeof createCourier>;
  /** What the test's own DNS says, by the first label of the name. */
  const said = new Map<string, string>();
  beforeAll(async () => {
    names = await startNameServer((name, family) => {
      const address = said.get(name.split('.')[0] ?? '') ?? '';
      return address !== '' && (address.includes(':') ? 6 : 4) === family ? [address] : [];
    });
    courier = createCourier({ dnsServers: [names.address] });
  });
  afterAll(async () => {
    await courier.close();
    await names.close();
  });
  const post = (host: string) =>
    courier.post({ id: 'evt_1', url: `http://${host}/`, allowPrivate: false, body: '{}', at: Date.now() }, []);

  it.each(SPELLINGS)('is not sent to %s', async (host) => {
    const before = names.questions;
    expect(await post(host)).toMatchObject({ status: null, error: 'no_address', answer: null });
    // It was an address: nobody was asked for its name.
    expect(names.questions).toBe(before);
  });

  it.each(NO_HOSTS)('has no such host as %s', (host) => {
    const read = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : '';
    expect(isPublicAddress(read.replace(/^\[|\]$/g, ''))).toBe(false);
  });

  it.each([...new Set([...SPECIAL_IPV4.flat(), ...SPECIAL_IPV6])])('is not sent to a name of %s', async (address) => {
    const label = `n${said.size}`;
    said.set(label, address);
    expect(await post(`${label}.test`)).toMatchObject({ status: null, error: 'no_address', answer: null });
  });
});

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
