import { expect, onTestFinished, test } from 'vitest';
import { connectClient, whenReady } from '../../src/index.js';
import { newPrefix, openRedis, testRedisUrl } from '../redis.js';

const WITHIN_MS = 500;

async function hurried() {
  const url = new URL(testRedisUrl());
  url.searchParams.set('commandTimeout', String(WITHIN_MS));
  const redis = connectClient({ address: { kind: 'server', url: url.href }, prefix: '' });
  onTestFinished(() => redis.disconnect());
  await whenReady(redis);
  return redis;
}

/** This process does nothing at all, and reads nothing. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('what Redis answers in time is an answer, however long this process takes to read it', async () => {
  const redis = await hurried();
  const answers = [redis.time(), redis.pipeline().time().time().exec()];
  standStill(3 * WITHIN_MS);
  await expect(Promise.all(answers)).resolves.toHaveLength(2);
});

test('what Redis does not answer in time fails, also in a pipeline', async () => {
  const redis = await hurried();
  const key = newPrefix(await openRedis());
  await expect(redis.blpop(`${key}:never`, 0)).rejects.toThrow('Command timed out');
  // Redis answers the commands of a connection in turn: this one comes behind what never ends.
  const [[error] = []] = (await redis.pipeline().time().exec()) ?? [];
  expect(error?.message).toBe('Command timed out');
});
