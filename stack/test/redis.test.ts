import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { environment } from '../src/env.js';
import { openRedis, openThrowawayRedis } from '../src/redis.js';
import { redisBinary } from '../src/redis-binary.js';
import { startRedisServer } from '../src/redis-server.js';
import { temporaryFolder } from './scripts.js';

const say = () => undefined;
const { REDIS_URL: _, ...withoutUrl } = environment;
const options = { env: withoutUrl, mayInstall: false, say };

/** One command over the wire, without a client library. */
async function ask(url: string, command: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(`${command}\r\n`);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

test('a throw-away Redis evicts nothing, keeps an append-only file and takes its folder with it', async () => {
  const redis = await openThrowawayRedis(options);
  const dir = (await ask(redis.url, 'CONFIG GET dir')).split('\r\n')[4] ?? '';
  expect(await ask(redis.url, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  expect(await ask(redis.url, 'CONFIG GET appendonly')).toContain('yes');
  expect(await ask(redis.url, 'CONFIG GET save')).toMatch(/\$0\r\n\r\n$/);
  expect(existsSync(dir)).toBe(true);
  await redis.stop();
  expect(existsSync(dir)).toBe(false);
  expect(redis.server?.child.running).toBe(false);
});

test('what was written is there again after a stop, on the same port too', async () => {
  const dir = temporaryFolder();
  const first = await openRedis({ ...options, dir });
  expect(await ask(first.url, 'SET kept yes')).toContain('OK');
  await first.stop();
  const binary = await redisBinary(options);
  const second = await startRedisServer({ binary, dir, port: Number(new URL(first.url).port) });
  onTestFinished(() => second.child.kill());
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, 'GET kept')).toContain('yes');
});

test('the Redis of REDIS_URL is used as it is, and not stopped', async () => {
  const env = { REDIS_URL: 'redis://redis.example:6380/2' };
  const redis = await openRedis({ ...options, env, dir: '/nowhere' });
  expect(redis).toMatchObject({ url: env.REDIS_URL, server: null });
  await redis.stop();
});

test('without any Redis the ways to get one are named', async () => {
  const none = redisBinary({ env: { PATH: temporaryFolder() }, mayInstall: false, say });
  await expect(none).rejects.toThrow(/REDIS_URL[\s\S]*apt-get install redis-server[\s\S]*docker/);
  const forbidden = redisBinary({ env: { PATH: temporaryFolder(), LINKHAUL_NO_INSTALL: '1' }, mayInstall: true, say });
  await expect(forbidden).rejects.toThrow(/No Redis was found/);
});

test('the first program on PATH is taken', async () => {
  const binary = await redisBinary(options);
  const found = await redisBinary({ ...options, env: { PATH: `:/nowhere:${dirname(binary)}` } });
  expect(found).toBe(binary);
});
