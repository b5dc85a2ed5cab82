import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { jobOf, postText, problemOf, sendHalf } from './http.js';
import { REDIS_URL } from './redis.js';
import { createStarter, type Service } from './service.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const HEADERS = { 'Content-Type': 'text/plain' };
const LIST = Array.from({ length: 25_000 }, (_, at) => `site-${at}.com\n`).join('');

/** For a machine that has other things to do. */

const starter = createStarter();
afterAll(starter.closeAll);

/** Another process over the same Redis and storage. */
async function startProcess({
  services: { env },
  storageUrl,
}: Service): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PORT: '0',
      REDIS_URL,
      REDIS_PREFIX: env.redis.prefix,
      STORAGE_URL: storageUrl,
      UPSTREAM_URL: 'http://127.0.0.1:1',
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const said: { msg?: string; port?: number } = JSON.parse(line);
    if (said.msg === 'listening' && said.port !== undefined) return { child, port: said.port };
  }
  throw new Error('the API ended before it listened');
}

/** Begins to send the list, and leaves it there. */
function beginUpload(port: number, beginning: string): Socket {
  const head = ['POST /v1/jobs?endpoint=bulk_backlinks HTTP/1.1', 'Host: 127.0.0.1', 'Content-Type: text/plain'];
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  socket.write([...head, `Content-Length: ${LIST.length}`, '', beginning].join('\r\n'));
  return socket;
}

/** The names of uploads that are under way or whose process has died. */
const open = ({ redis, keys }: Service) => redis.zrange(keys.uploads, '0', '-1');

it('what a process that is killed half-way has stored is known, and is named for removal an hour later', async () => {
  const service = await starter.start();
  const { storage, removals } = service.services;
  const { child, port } = await startProcess(service);
  const half = beginUpload(port, LIST.slice(0, -1));
  await expect.poll(() => storage.list('jobs')).toHaveLength(2);
  child.kill('SIGKILL');
  await once(child, 'exit');
  half.destroy();
  const [name = ''] = await open(service);
  expect(name).toMatch(/^local\/job_/);
  expect((await storage.list(`jobs/${name}`)).length).toBe(2);
  await removals.giveUp(10);
  expect(await removals.leftovers(10)).toEqual([]);
  await service.redis.zincrby(service.keys.uploads, -3_600_000, name);
  await removals.giveUp(10);
  const [tenant, id] = name.split('/');
  expect(await removals.leftovers(10)).toEqual([{ tenant, id }]);
});

it('one that is refused, cut or accepted leaves nothing to look after', async () => {
  const service = await starter.start();
  const { url, port } = service;
  const path = '/v1/jobs?endpoint=bulk_backlinks&expect_rows=3';
  problemOf(await postText(`${url}${path}`, 'a.com\nb.com\n'), 'invalid_request');
  problemOf(await sendHalf({ port, path, headers: HEADERS, body: Buffer.from([0xff, 0x0a]) }), 'invalid_encoding');
  expect(jobOf(await postText(`${url}${path}`, 'a.com\nb.com\nc.com\n')).rows.total).toBe(3);
  expect(await open(service)).toEqual([]);
});

it('one that is slow says every minute that its process lives', async () => {
  const service = await starter.start();
  // The server's own timers stay real: its watch on silent uploads would take the skipped minute for silence.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const { redis, keys } = service;
  const half = beginUpload(service.port, LIST.slice(0, -1));
  await expect.poll(() => open(service)).toHaveLength(1);
  const [name = ''] = await open(service);
  const age = async () => Date.now() - Number(await redis.zscore(keys.uploads, name));
  await redis.zincrby(keys.uploads, -3_600_000, name);
  expect(await age()).toBeGreaterThan(3_000_000);
  vi.advanceTimersByTime(60_000);
  await expect.poll(age).toBeLessThan(3_000_000);
  half.write('\n');
  expect(String((await once(half, 'data'))[0])).toMatch(/^HTTP\/1.1 202 /);
  half.destroy();
});

it('one that was given up while it went on is refused, and leaves nothing', async () => {
  const service = await starter.start();
  const before = await service.leftovers();
  const half = beginUpload(service.port, LIST.slice(0, -1));
  await expect.poll(() => open(service)).toHaveLength(1);
  await service.redis.del(service.keys.uploads);
  half.write('\n');
  const [answer] = await once(half, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 503 /);
  half.destroy();
  await expect.poll(() => service.leftovers()).toEqual(before);
});
