import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Backend, parseStorageUrl, StorageAway } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { accessTo, createInstallation, keysOf } from '../../src/index.js';
import { newPrefix, openRedis } from '../redis.js';

const bytes = Buffer.from('x');

/** A Redis and a storage folder that know nothing yet, for any number of processes. */
async function openPlace() {
  const folder = await mkdtemp(join(tmpdir(), 'installation-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const redis = await openRedis();
  const prefix = newPrefix(redis);
  const root = join(folder, 'storage');
  const start = async (connection: Redis = redis) => {
    const storage = openFile(root);
    return { storage, installation: createInstallation(accessTo(connection, prefix), storage, async () => undefined) };
  };
  return { redis, keys: keysOf(prefix), root, start };
}

function openFile(folder: string): Backend {
  return (
    parseStorageUrl(pathToFileURL(folder).href)?.open({ address: { kind: 'server', url: '' }, prefix: '' }) ??
    expect.fail()
  );
}

it('gets one id at the first start, however many processes are started at once', async () => {
  const { redis, keys, start } = await openPlace();
  const processes = await Promise.all(Array.from({ length: 10 }, async () => start(await openRedis())));
  await Promise.all(processes.map(({ installation }) => installation.check()));
  const id = await redis.hget(keys.installation, 'id');
  expect(id).toMatch(/^[0-9a-f-]{36}$/);
  for (const { storage } of processes) expect(await storage.owner()).toBe(id);
});

it('goes on where a process died during the first start, before the marker or behind it', async () => {
  const { redis, keys, root, start } = await openPlace();
  await redis.hset(keys.installation, { proposed: 'inst_first' });
  const before = await start();
  await before.installation.check();
  expect(await before.storage.owner()).toBe('inst_first');
  await redis.hdel(keys.installation, 'id');
  const behind = await start();
  await behind.installation.check();
  expect(await redis.hget(keys.installation, 'id')).toBe('inst_first');
  expect(await openFile(root).owner()).toBe('inst_first');
});

it('takes a storage that has lost its folder for one that is away, also at a start, until it is back', async () => {
  const { root, start } = await openPlace();
  const first = await start();
  await first.installation.check();
  await rename(root, `${root}-aside`);
  for (const { storage, installation } of [first, await start()]) {
    await installation.settle();
    await expect(installation.check()).rejects.toThrow(StorageAway);
    await expect(storage.put('jobs/a', bytes)).rejects.toThrow(StorageAway);
  }
  await rename(`${root}-aside`, root);
  await first.installation.check();
  await first.storage.put('jobs/a', bytes);
});

it('does not begin again beside the storage of an installation that Redis has lost', async () => {
  const { redis, keys, start } = await openPlace();
  const { storage, installation } = await start();
  await installation.check();
  await redis.del(keys.installation);
  const later = await start();
  for (const process of [{ storage, installation }, later]) {
    await expect(process.installation.settle()).rejects.toThrow('linkhaul recover');
    await expect(process.installation.check()).rejects.toThrow('linkhaul storage adopt --empty');
  }
  await expect(later.storage.put('jobs/a', bytes)).rejects.toThrow(StorageAway);
  await expect(later.storage.get('jobs/none')).rejects.toThrow(StorageAway);
  expect(await redis.hget(keys.installation, 'id')).toBeNull();
});

it('still stores what a process had in hand when Redis lost everything, unless storage is changed too', async () => {
  const { redis, keys, root, start } = await openPlace();
  const { storage, installation } = await start();
  await installation.check();
  await redis.del(keys.installation);
  await expect(installation.check()).rejects.toThrow(StorageAway);
  await storage.put('jobs/a', bytes);
  await rename(root, `${root}-aside`);
  const other = openFile(root);
  await other.claim('inst_other');
  await expect(installation.check()).rejects.toThrow(StorageAway);
  await expect(storage.put('jobs/b', bytes)).rejects.toThrow(StorageAway);
});

it('adopts the storage that is there, and every process serves it from then on', async () => {
  const { redis, keys, start } = await openPlace();
  const [one, other] = [await start(), await start()];
  await one.installation.check();
  await other.installation.check();
  const id = await redis.hget(keys.installation, 'id');

  await redis.del(keys.installation);
  await expect(other.installation.check()).rejects.toThrow(StorageAway);
  expect(await one.installation.adopt()).toEqual({ id, was: null, marked: false });
  await other.installation.check();

  await redis.hset(keys.installation, { id: 'inst_before' });
  await expect(other.installation.check()).rejects.toThrow(StorageAway);
  expect(await one.installation.adopt()).toEqual({ id, was: 'inst_before', marked: false });
  await other.installation.check();
  expect(await one.installation.adopt()).toEqual({ id, was: id, marked: false });
});

it('adopts an empty folder by giving it a marker', async () => {
  const { redis, keys, root, start } = await openPlace();
  const { storage, installation } = await start();
  await installation.check();
  await rename(root, `${root}-aside`);
  await expect(installation.check()).rejects.toThrow(StorageAway);
  const id = await redis.hget(keys.installation, 'id');
  expect(await installation.adopt()).toEqual({ id, was: id, marked: true });
  await storage.put('jobs/a', bytes);
  expect(await openFile(root).owner()).toBe(id);
});

it('is asked of Redis again after its connection broke', async () => {
  const { redis, keys, start } = await openPlace();
  const connection = await openRedis();
  const { installation } = await start(connection);
  await installation.confirmed();
  await redis.del(keys.installation);
  const ready = new Promise((resolve) => connection.once('ready', resolve));
  connection.disconnect(true);
  await ready;
  await expect(installation.confirmed()).rejects.toThrow(StorageAway);
});

it('is lost together with storage that is in Redis, and begins again', async () => {
  const redis = await openRedis();
  const prefix = newPrefix(redis);
  const storage =
    parseStorageUrl('redis:')?.open({ address: { kind: 'server', url: urlOf(redis) }, prefix }) ?? expect.fail();
  onTestFinished(() => storage.close());
  const installation = createInstallation(accessTo(redis, prefix), storage, async () => undefined);
  await installation.check();
  await storage.put('jobs/a', bytes);
  const all = await redis.keys(`${prefix}:*`);
  await redis.unlink(...all);
  await installation.check();
  await storage.put('jobs/b', bytes);
  expect(await storage.get('jobs/a')).toBeNull();
});

function urlOf({ options: { host, port } }: Redis): string {
  return `redis://${host}:${port}`;
}

it('has each server that was started catch up with storage, once, and serves nothing before that', async () => {
  const { redis, keys, root } = await openPlace();
  const asked: string[] = [];
  let failure: Error | null = null;
  const installation = createInstallation(accessTo(redis, keys.root), openFile(root), async (server) => {
    asked.push(server);
    if (failure !== null) throw failure;
  });
  await Promise.all([installation.check(), installation.confirmed(), installation.settle()]);
  expect(asked).toHaveLength(1);
  expect(await redis.hget(keys.installation, 'current')).toBe(asked[0]);
  await redis.hset(keys.installation, { current: 'another' });
  failure = new Error('a snapshot cannot be read');
  for (const step of [installation.check, installation.settle]) {
    await expect(step()).rejects.toThrow(StorageAway);
    await expect(step()).rejects.toThrow('could not be restored yet: a snapshot cannot be read');
  }
  failure = null;
  await installation.check();
  await installation.check();
  expect(asked).toHaveLength(6);
});
