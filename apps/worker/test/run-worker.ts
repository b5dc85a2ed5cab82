import { pathToFileURL } from 'node:url';
import { whenReady } from '@linkhaul/jobs';
import type { Lifecycle } from '@linkhaul/runtime';
import { onTestFinished } from 'vitest';
import { openBase, startWorker } from '../src/app.js';
import { readWorkerEnv } from '../src/env.js';
import { REDIS_URL } from './redis.js';
import type { TestWorker } from './test-worker.js';

/** Runs a whole worker in this process, over the Redis and the storage of the test, until the test ends. */
export async function runWorker(testWorker: TestWorker, url: string): Promise<void> {
  const storage = { STORAGE_URL: pathToFileURL(testWorker.folder).href, REDIS_URL, REDIS_PREFIX: testWorker.keys.root };
  const upstream = { UPSTREAM_URL: url, UPSTREAM_LOGIN: 'me', UPSTREAM_PASSWORD: 'pw', UPSTREAM_MAX_IN_FLIGHT: '6' };
  const read = readWorkerEnv({ ...storage, ...upstream });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const stop = new AbortController();
  const releases: (() => Promise<void> | void)[] = [];
  const life: Lifecycle = { stopping: stop.signal, onStop: (_, release) => releases.push(release) };
  onTestFinished(async () => {
    stop.abort();
    for (let release = releases.pop(); release !== undefined; release = releases.pop()) await release();
  });
  const base = openBase({ ...testWorker.services, env: read.env }, life);
  await whenReady(base.access.redis);
  await startWorker(base, life);
}
