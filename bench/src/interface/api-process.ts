import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { builtApp, openThrowawayRedis, startProcess } from '@linkhaul/stack';
import type { Environment, Say } from '../limits/service.js';

export interface Api {
  readonly url: string;
  readonly pid: number;
  readonly redisUrl: string;
}

interface ApiOptions {
  readonly env: Environment;
  readonly say: Say;
  /** Variables besides the addresses. */
  readonly settings?: Environment;
}

/** An API process with a Redis of its own and file storage, and no workers. It ends with the work. */
export async function withApi<T>({ env, say, settings }: ApiOptions, work: (api: Api) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-bench-'));
  const redis = await openThrowawayRedis({ env, mayInstall: true, say });
  try {
    const api = await startProcess({
      name: 'api',
      entry: builtApp('api'),
      env: {
        PATH: env.PATH,
        PORT: '0',
        REDIS_URL: redis.url,
        STORAGE_URL: pathToFileURL(join(dir, 'storage')).href,
        UPSTREAM_URL: 'http://127.0.0.1:1',
        ...settings,
      },
    });
    try {
      return await work({ url: `http://127.0.0.1:${api.port}`, pid: api.child.pid, redisUrl: redis.url });
    } finally {
      await api.child.stop();
    }
  } finally {
    await redis.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

const PROBE = new URL('probe-thread.js', import.meta.url);

/**
 * Does some work and measures its time, and meanwhile the times of `/healthz`, in milliseconds. Another thread asks for the health,
 * so that the load on this thread does not count.
 */
export async function during<T>(
  { url }: { url: string },
  work: () => Promise<T>,
): Promise<{ result: T; ms: number; probes: number[] }> {
  const probe = new Worker(PROBE, { workerData: `${url}/healthz` });
  try {
    await once(probe, 'message');
    const startedAt = performance.now();
    const result = await work();
    const ms = performance.now() - startedAt;
    const answered = once(probe, 'message');
    probe.postMessage('over');
    const [probes] = await answered;
    return { result, ms, probes };
  } finally {
    await probe.terminate();
  }
}

/** The peak memory of a process, as Linux counts it. */
export async function peakMemory(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? '' : (Number(kib) / 1024).toFixed(0);
}
