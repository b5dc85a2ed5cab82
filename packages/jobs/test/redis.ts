import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, onTestFinished } from 'vitest';
import { strangers } from './redis/known-keys.js';

/** The environment of the test run. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

const url = environment.TEST_REDIS_URL;

/** The Redis that `pnpm test` starts for the tests. */
export function testRedisUrl(): string {
  if (url === undefined) throw new Error('TEST_REDIS_URL is not set: run the tests with `pnpm test`');
  return url;
}

/** A connection that is ready, and closed when the test ends. */
export async function openRedis(): Promise<Redis> {
  const redis = new Redis(testRedisUrl(), { lazyConnect: true, maxRetriesPerRequest: null });
  await redis.connect();
  onTestFinished(() => redis.disconnect());
  return redis;
}

/** A key prefix of one's own. When the test ends, its keys must be as redis/schema.ts says, and are removed. */
export function newPrefix(redis: Redis): string {
  const prefix = `test-${randomUUID()}`;
  onTestFinished(async () => {
    const found = await strangers(redis, prefix);
    await removeKeys(redis, prefix);
    expect(found).toEqual([]);
  });
  return prefix;
}

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
}
