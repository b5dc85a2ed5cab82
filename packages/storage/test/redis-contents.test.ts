import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { type Backend, parseStorageUrl } from '../src/index.js';
import { INSTALLATION } from './backends.js';
import { testRedisUrl } from './redis.js';

const bytes = (text: string) => Buffer.from(text);
const JOB = 'jobs/t/job_1';

interface Place {
  readonly redis: Redis;
  readonly prefix: string;
  open(url?: string): Backend;
  /** The keys in Redis, without what every storage has. */
  left(): Promise<string[]>;
}

async function openPlace(): Promise<{ place: Place; backend: Backend }> {
  const prefix = `test-${randomUUID()}`;
  const redis = new Redis(testRedisUrl());
  const backends: Backend[] = [];
  onTestFinished(async () => {
    await Promise.all(backends.map((backend) => backend.close()));
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.unlink(keys);
    redis.disconnect();
  });
  const open = (url = testRedisUrl()) => {
    const backend = parseStorageUrl('redis:')?.open({ address: { kind: 'server', url }, prefix });
    if (backend === undefined) throw new Error('redis: is understood');
    backends.push(backend);
    return backend;
  };
  const left = async () => {
    const keys = (await redis.keys(`${prefix}*`)).map((key) => key.slice(prefix.length));
    return keys.filter((key) => ![':storage:installation', ':storage-contents-complete'].includes(key)).sort();
  };
  const backend = open();
  await backend.claim(INSTALLATION);
  return { place: { redis, prefix, open, left }, backend };
}

/** A user of this Redis who may do anything but go through all keys. */
async function withoutScan({ redis, prefix }: Place): Promise<string> {
  await redis.call('ACL', 'SETUSER', prefix, 'on', '>secret', '~*', '&*', '+@all', '-scan', '-keys');
  onTestFinished(() => redis.call('ACL', 'DELUSER', prefix).then(() => undefined));
  return Object.assign(new URL(testRedisUrl()), { username: prefix, password: 'secret' }).href;
}

test('a folder of a job is listed and removed without going through all that is in Redis', async () => {
  const { place } = await openPlace();
  const backend = place.open(await withoutScan(place));
  const keys = [`${JOB}/job.json`, `${JOB}/rows/000000.ndjson.gz`, `${JOB}/answers/000000/1.1`];
  for (const key of keys) await backend.put(key, bytes(key));
  expect(await backend.create(`${JOB}/answers/000000/1.1`, bytes('second'))).toBe(false);
  await backend.put('jobs/t/job_10/job.json', bytes('another'));
  expect((await backend.list(JOB)).toSorted()).toEqual(keys.toSorted());
  expect(await backend.list(`${JOB}/rows`)).toEqual([keys[1]]);
  await backend.remove(`${JOB}/rows`);
  expect((await backend.list(JOB)).toSorted()).toEqual([keys[0], keys[2]].toSorted());
  await backend.remove(JOB);
  await backend.remove('jobs/t/never');
  expect(await backend.list(JOB)).toEqual([]);
  await expect(backend.list('jobs')).rejects.toThrow(/NOPERM/);
});

test('nothing stays of a folder that is removed, nor of those above it', async () => {
  const { place, backend } = await openPlace();
  for (const job of [JOB, 'jobs/t/job_2', 'results/t/job_2']) await backend.put(`${job}/a/b`, bytes('x'));
  await backend.remove(JOB);
  expect(await place.left()).toEqual([
    ':storage-contents:jobs/t/job_2',
    ':storage-contents:results/t/job_2',
    ':storage:jobs/t/job_2/a/b',
    ':storage:results/t/job_2/a/b',
  ]);
  await backend.remove('jobs');
  await backend.remove('results/t');
  expect(await place.left()).toEqual([]);
});

test('what an earlier version wrote is found and removed like everything else', async () => {
  const { place, backend } = await openPlace();
  const { redis, prefix } = place;
  await redis.del(`${prefix}:storage-contents-complete`);
  for (let at = 0; at < 1500; at++) await redis.set(`${prefix}:storage:${JOB}/rows/${at}`, 'x');
  await redis.set(`${prefix}:storage:jobs/t/job_2/job.json`, 'x');
  await backend.put(`${JOB}/job.json`, bytes('x'));
  expect(await backend.list(JOB)).toHaveLength(1501);
  await backend.remove(JOB);
  expect(await place.left()).toEqual([':storage-contents:jobs/t/job_2', ':storage:jobs/t/job_2/job.json']);
  await place.open(await withoutScan(place)).remove('jobs/t/job_2');
  expect(await place.left()).toEqual([]);
});

test('what stands in a Redis that is claimed only now is found too', async () => {
  const { place } = await openPlace();
  const { redis, prefix } = place;
  await redis.del(`${prefix}:storage-contents-complete`, `${prefix}:storage:installation`);
  await redis.set(`${prefix}:storage:${JOB}/job.json`, 'x');
  const backend = place.open();
  await backend.claim(INSTALLATION);
  await backend.remove(JOB);
  expect(await place.left()).toEqual([]);
});

test('what is written while its folder is removed is removed by the next one', async () => {
  const { place, backend } = await openPlace();
  for (let round = 0; round < 30; round++) {
    const writes = Array.from({ length: 20 }, (_, at) => backend.put(`${JOB}/answers/${at}`, bytes('x')));
    const removals = [backend.remove(JOB), place.open().remove(JOB)];
    await Promise.all([...writes, ...removals]);
  }
  await backend.remove(JOB);
  expect(await place.left()).toEqual([]);
});
