import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type NameServer, startNameServer } from '../../../../stack/src/name-server.js';
import { createCourier } from '../../src/index.js';
import { createNameResolver } from '../../src/webhook/resolve-name.js';

async function openNames(...answer: Parameters<typeof startNameServer>): Promise<NameServer> {
  const names = await startNameServer(...answer);
  onTestFinished(() => names.close());
  return names;
}

async function hostsFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-hosts-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'hosts');
  await writeFile(path, text);
  return path;
}

const going = new AbortController().signal;

it('finds both families, IPv4 first', async () => {
  const names = await openNames((_, family) => (family === 4 ? ['192.0.2.1', '192.0.2.2'] : ['2001:db8::1:2']));
  const resolveName = createNameResolver({ servers: [names.address], stop: going });
  expect(await resolveName('both.test')).toEqual(['192.0.2.1', '192.0.2.2', '2001:db8::1:2']);
});

it('takes one family where nobody answers for the other', async () => {
  const names = await openNames((_, family) => (family === 4 ? null : ['2001:db8::1']));
  const resolveName = createNameResolver({ servers: [names.address], stop: going });
  expect(await resolveName('six.test')).toEqual(['2001:db8::1']);
});

it('finds nothing where there is nothing, where nobody answers, and where nothing may be asked any more', async () => {
  const names = await openNames((name) => (name === 'silent.test' ? null : []));
  const stop = new AbortController();
  const resolveName = createNameResolver({ servers: [names.address], stop: stop.signal });
  expect(await resolveName('none.test')).toEqual([]);
  const silent = resolveName('silent.test');
  await names.asked(4);
  stop.abort();
  expect(await silent).toEqual([]);
  expect(await resolveName('late.test')).toEqual([]);
});

it('asks where the hosts file cannot be read', async () => {
  const names = await openNames((_, family) => (family === 4 ? ['192.0.2.1'] : []));
  const resolveName = createNameResolver({ servers: [names.address], hostsFile: tmpdir(), stop: going });
  expect(await resolveName('one.test')).toEqual(['192.0.2.1']);
});

it('takes what the hosts file says, as it is now, before it asks anybody', async () => {
  const path = await hostsFile(
    '127.0.0.1 localhost\n::1 localhost\n# 10.0.0.9 never\n10.0.0.7\tReceiver receiver.lan # the box\n',
  );
  const names = await openNames(() => ['192.0.2.1']);
  const resolveName = createNameResolver({ servers: [names.address], hostsFile: path, stop: going });
  expect(await resolveName('receiver')).toEqual(['10.0.0.7']);
  expect(await resolveName('RECEIVER.LAN.')).toEqual(['10.0.0.7']);
  expect(await resolveName('localhost')).toEqual(['127.0.0.1', '::1']);
  expect(names.questions).toBe(0);
  expect(await resolveName('never')).toEqual(['192.0.2.1']);

  await writeFile(path, '10.0.0.8 receiver\n');
  expect(await resolveName('receiver')).toEqual(['10.0.0.8']);
  await rm(path);
  expect(await resolveName('receiver')).toEqual(['192.0.2.1']);
  expect(await resolveName('any.localhost')).toEqual(['127.0.0.1', '::1']);
});

it('connects to the address that was judged: a name that changes it in between is asked once', async () => {
  const names = await openNames((_, family) =>
    family === 6 ? [] : names.questions > 2 ? ['127.0.0.1'] : ['10.0.0.1', '127.0.0.1'],
  );
  const courier = createCourier({ dnsServers: [names.address] });
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    await courier.close();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const message = { id: 'evt_1', url: `http://rebinding.test:${port}/`, body: '{}', at: Date.now() };
  expect(await courier.post({ ...message, allowPrivate: false }, [])).toMatchObject({ error: 'no_address' });
  expect(names.questions).toBe(2);
  expect(hits).toEqual([]);
  expect(await courier.post({ ...message, allowPrivate: true }, [])).toMatchObject({ status: 200 });
  expect(hits).toEqual(['/']);
});

it('looks up a hundred silent names beside an answering one', async () => {
  const names = await openNames((name, family) =>
    name === 'good.test' && family === 4 ? ['192.0.2.1'] : name === 'good.test' ? [] : null,
  );
  const stop = new AbortController();
  const resolveName = createNameResolver({ servers: [names.address], stop: stop.signal });
  const order: string[] = [];
  const silent = Array.from({ length: 100 }, async (_, at) => {
    await resolveName(`silent-${at}.test`);
    order.push('silent');
  });
  await names.asked(200);
  expect(await resolveName('good.test')).toEqual(['192.0.2.1']);
  order.push('good');
  stop.abort();
  await Promise.all(silent);
  expect(order[0]).toBe('good');
});
