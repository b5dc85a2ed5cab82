import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, redisBinary, startRedisServer, startSentinel } from '@linkhaul/stack';
import { parseRedisUrl } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { accessTo, connectClient, openJobs, redisOf, whenReady } from '../../src/index.js';
import { checkRedis } from '../../src/redis/health.js';
import { acceptJob } from '../accept-job.js';
import { environment } from '../redis.js';

const PASSWORD = 's3cret-of-redis';

let folder: string;
let binary: string;
let server: RedisServer;
let sentinel: RedisServer;
let node: RedisServer;

async function startServer(settings: Record<string, string>): Promise<RedisServer> {
  return startRedisServer({ binary, dir: await mkdtemp(join(folder, 'redis-')), settings });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-several-'));
  binary = await redisBinary({ env: environment, mayInstall: false, say: () => undefined });
  server = await startServer({ requirepass: PASSWORD });
  const config = [
    `sentinel monitor mine 127.0.0.1 ${server.port} 1`,
    `sentinel auth-pass mine ${PASSWORD}`,
    'sentinel down-after-milliseconds mine 5000',
  ];
  sentinel = await startSentinel({ binary, dir: await mkdtemp(join(folder, 'sentinel-')), config });
  node = await startServer({ 'cluster-enabled': 'yes' });
});

afterAll(async () => {
  await Promise.all([server, sentinel, node].map(({ child }) => child.kill()));
  await rm(folder, { recursive: true, force: true });
});

function connect(url: string, prefix = 'linkhaul') {
  const settings = redisOf({ REDIS_URL: parseRedisUrl(url) ?? expect.fail(url), REDIS_PREFIX: prefix });
  const redis = connectClient(settings);
  onTestFinished(() => redis.disconnect());
  return { redis, prefix: settings.prefix };
}

async function troubleOf(redis: Redis): Promise<string> {
  return checkRedis(redis, 'unused').then(
    () => '',
    (error: Error) => error.message,
  );
}

test('behind sentinels the primary is named, and must stop before another is chosen', async () => {
  const { redis } = connect(`redis+sentinel://:${PASSWORD}@127.0.0.1:1,127.0.0.1:${sentinel.port}/mine`);
  await whenReady(redis);
  const at = `Redis at 127.0.0.1:${server.port}: `;
  expect(await troubleOf(redis)).toMatch(new RegExp(`^${at}min-replicas-to-write:0 .*min-replicas-max-lag:10 `));
  await redis.config('SET', 'min-replicas-max-lag', '4');
  await redis.config('SET', 'min-replicas-to-write', '1');
  expect(await troubleOf(redis)).toBe(`${at}NOREPLICAS Not enough good replicas to write.`);
});

test.each([
  [
    'a name that sentinels do not know',
    (port: number) => `127.0.0.1:${port}/other`,
    'ERR No such master with that name',
  ],
  ['a sentinel that is away', () => '127.0.0.1:1/mine', 'connect ECONNREFUSED 127.0.0.1:1'],
])('%s is said, with the nodes that were asked', async (_, group, words) => {
  const named = group(sentinel.port);
  const [address = '', name = ''] = named.split('/');
  const { redis } = connect(`redis+sentinel://:${PASSWORD}@${named}`);
  const whole = `Redis at ${name} of the sentinels ${address}: no primary is known: ${address}: ${words}`;
  await expect.poll(() => troubleOf(redis)).toBe(whole);
});

test('a wrong password is said of the primary, and one server that is none is called what it is', async () => {
  const wrong = connect(`redis+sentinel://:wrong@127.0.0.1:${sentinel.port}/mine`).redis;
  await expect.poll(() => troubleOf(wrong)).toContain(`Redis at 127.0.0.1:${server.port}: WRONGPASS`);
  const asServer = connect(`redis://127.0.0.1:${sentinel.port}`).redis;
  await expect.poll(() => troubleOf(asServer)).toContain('redis_mode:sentinel');
  const asCluster = connect(`redis+cluster://:${PASSWORD}@127.0.0.1:${server.port}`).redis;
  await expect.poll(() => troubleOf(asCluster)).toContain('cluster support disabled');
});

test('in a cluster all keys lie in the slot of the prefix, wherever that is', async () => {
  const plain = connect(node.url).redis;
  await whenReady(plain);
  const { redis, prefix } = connect(`redis+cluster://127.0.0.1:${node.port}`);
  await expect.poll(() => troubleOf(redis)).toContain('CLUSTERDOWN no node of the cluster has slot 1165');
  await plain.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383);
  await whenReady(redis);
  await expect.poll(() => plain.cluster('INFO')).toContain('cluster_state:ok');
  expect(prefix).toBe('{linkhaul}');
  const jobs = openJobs(accessTo(redis, prefix));
  onTestFinished(() => jobs.queues.close());
  const job = await acceptJob(jobs, { valid: 1 });
  await jobs.queues.add('plan', job);
  expect(await jobs.store.get(job)).toMatchObject({ status: 'queued' });
  const slots = await Promise.all((await redis.keys('*')).map((key) => plain.cluster('KEYSLOT', key)));
  expect(slots.length).toBeGreaterThan(10);
  expect(new Set(slots)).toEqual(new Set([1165]));
});
