import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import { builtApp, openThrowawayRedis, startProcess } from '@linkhaul/stack';

export type Environment = Readonly<Record<string, string | undefined>>;
export type Say = (line: string) => void;

interface ServiceOptions {
  readonly env: Environment;
  readonly say: Say;
  readonly upstreamUrl: string;
  readonly workers: number;
  readonly perMinute: number;
  readonly inFlight: number;
  /** Variables of all processes that replace the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with each line that a worker prints. */
  readonly onLine?: (worker: string, line: string) => void;
}

export interface Service {
  readonly client: LinkhaulClient;
  readonly url: string;
  readonly apiPid: number;
  readonly redisUrl: string;
  /** The process ids of the workers by name. */
  readonly workers: ReadonlyMap<string, number>;
  /** Sends SIGTERM to `api` or a worker. Resolves when it has ended. */
  stop(name: string): Promise<void>;
}

/** The built processes as a user runs them: Redis, the API and workers, with file storage. They end with the work. */
export async function withService<T>(options: ServiceOptions, work: (service: Service) => Promise<T>): Promise<T> {
  const stops: (() => Promise<void>)[] = [];
  try {
    return await work(await start(options, stops));
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function start(options: ServiceOptions, stops: (() => Promise<void>)[]): Promise<Service> {
  const { env, say, upstreamUrl, perMinute, inFlight, onLine } = options;
  const dir = await mkdtemp(join(tmpdir(), 'linkhaul-bench-'));
  stops.push(() => rm(dir, { recursive: true, force: true }));
  const redis = await openThrowawayRedis({ env, mayInstall: true, say });
  stops.push(() => redis.stop());
  const shared = {
    PATH: env.PATH,
    HOST: '127.0.0.1',
    PORT: '0',
    REDIS_URL: redis.url,
    STORAGE_URL: pathToFileURL(join(dir, 'storage')).href,
    UPSTREAM_LOGIN: 'bench',
    UPSTREAM_PASSWORD: 'bench',
    UPSTREAM_MAX_PER_MINUTE: String(perMinute),
    UPSTREAM_MAX_IN_FLIGHT: String(inFlight),
    ...options.settings,
  };
  const run = async (app: 'api' | 'worker', name: string) => {
    // An account is its upstream's host and login. The path tells the upstream which program is calling.
    const UPSTREAM_URL = `${upstreamUrl}/${name}`;
    const listens = onLine === undefined ? {} : { onLine: (line: string) => onLine(name, line) };
    const running = await startProcess({ name, entry: builtApp(app), env: { ...shared, UPSTREAM_URL }, ...listens });
    stops.push(() => running.child.stop());
    return running;
  };
  const api = await run('api', 'api');
  const names = Array.from({ length: options.workers }, (_, index) => `worker-${index + 1}`);
  const running = await Promise.all(names.map((name) => run('worker', name)));
  const workers = new Map(running.map(({ name, child }) => [name, child.pid]));
  const url = `http://127.0.0.1:${api.port}`;
  return {
    client: createLinkhaulClient({ baseUrl: url }),
    url,
    apiPid: api.child.pid,
    redisUrl: redis.url,
    workers,
    async stop(name) {
      await [api, ...running].find((one) => one.name === name)?.child.stop();
    },
  };
}
