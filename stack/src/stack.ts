import { join } from 'node:path';
import { createLinkhaulClient, type LinkhaulClient } from '@linkhaul/client';
import { backlinksEnv, serviceEnv } from './child-env.js';
import { runDoomedWorker } from './crash/doomed-worker.js';
import type { Crash, CrashedAt } from './crash/points.js';
import { createCrew, type Position } from './crew.js';
import { claimFolder } from './data-folder.js';
import type { Environment } from './env.js';
import type { RunningProcess } from './processes.js';
import { openRedis, type Redis } from './redis.js';
import { Releases } from './releases.js';

export interface StackOptions {
  /** The folder for Redis's file, the storage, the link graph and the logs. Only one stack can use it at a time. */
  readonly dataDir: string;
  /** The environment of the processes. Variables that the stack sets replace those given here. */
  readonly env: Environment;
  readonly workers: number;
  /** Whether to start the local Backlinks API as the upstream. If false, the upstream is `UPSTREAM_URL`. */
  readonly backlinks: boolean;
  /** Default: any free ports. */
  readonly ports?: { readonly api: number; readonly backlinks: number };
  /** Whether Redis may be installed if it is missing. */
  readonly mayInstall?: boolean;
  /** Called with messages for the user, such as that Redis is being installed. */
  readonly say?: (text: string) => void;
  /** Interrupts the start and stops what was started. */
  readonly signal?: AbortSignal;
}

/** A running Redis and the processes of the service. */
export interface Stack {
  readonly apiUrl: string;
  /** Null if the local Backlinks API was not started. */
  readonly backlinksUrl: string | null;
  readonly redis: Redis;
  readonly client: LinkhaulClient;
  readonly api: RunningProcess;
  readonly workers: readonly RunningProcess[];
  readonly backlinks: RunningProcess | null;
  readonly logDir: string;
  /** Resolves with a description when a process exits that was not told to stop. */
  readonly lost: Promise<string>;
  /** Starts the API again after it has ended, on its port. */
  restartApi(): Promise<RunningProcess>;
  /** Starts one more worker, which runs until the stack stops. */
  startWorker(): Promise<RunningProcess>;
  /** Runs one more worker until it kills itself at the crash point. */
  crashWorker(crash: Crash): Promise<CrashedAt>;
  /** Drains the workers first and stops Redis last. */
  stop(): Promise<void>;
}

/** Starts the whole service. If one part fails to start, stops the others and throws its error. */
export async function startStack(options: StackOptions): Promise<Stack> {
  options.signal?.throwIfAborted();
  const releases = new Releases();
  try {
    return await startAll(options, releases);
  } catch (error) {
    await releases.all().catch(() => undefined);
    throw error;
  }
}

async function startAll(options: StackOptions, releases: Releases): Promise<Stack> {
  const { dataDir, env, ports = { api: 0, backlinks: 0 }, mayInstall = false, say = () => undefined } = options;
  releases.add(claimFolder(dataDir));
  const redis = await openRedis({ env, dir: join(dataDir, 'redis'), mayInstall, say });
  releases.add(() => redis.stop());
  const logDir = join(dataDir, 'logs');
  const crew = createCrew(logDir, options.signal);
  const start = async (positions: Position[]): Promise<RunningProcess[]> => {
    const started = await crew.startAll(positions);
    releases.add(() => crew.stop(started));
    return started;
  };

  const local: Position = { app: 'backlinks', name: 'backlinks', env: backlinksEnv(env, dataDir, ports.backlinks) };
  const [backlinks = null] = await start(options.backlinks ? [local] : []);
  const backlinksUrl = backlinks === null ? null : `http://127.0.0.1:${backlinks.port}`;
  const shared = serviceEnv(env, { dataDir, redisUrl: redis.url, backlinksUrl });
  const api = await crew.start({ app: 'api', name: 'api', env: { ...shared, PORT: String(ports.api) } });
  releases.add(() => crew.stop([api]));
  const workerEnv = { ...shared, HOST: '127.0.0.1', PORT: '0' };
  const workers = await start(workerPositions(options.workers, workerEnv));
  let extra = 0;

  const apiUrl = `http://${reachableHost(env.HOST)}:${api.port}`;
  return {
    apiUrl,
    backlinksUrl,
    redis,
    client: createLinkhaulClient({ baseUrl: apiUrl }),
    api,
    workers,
    backlinks,
    logDir,
    lost: crew.lost,
    async restartApi() {
      const again = await crew.start({ app: 'api', name: 'api-again', env: { ...shared, PORT: String(api.port) } });
      releases.add(() => crew.stop([again]));
      return again;
    },
    async startWorker() {
      const worker = await crew.start({ app: 'worker', name: `worker-extra-${++extra}`, env: workerEnv });
      releases.add(() => crew.stop([worker]));
      return worker;
    },
    crashWorker: (crash) => runDoomedWorker(crash, workerEnv),
    stop: () => releases.all(),
  };
}

function workerPositions(count: number, env: Environment): Position[] {
  return Array.from({ length: count }, (_, index) => ({ app: 'worker', name: `worker-${index + 1}`, env }));
}

/** The URL at which a server that listens on `host` can be reached from this machine. */
function reachableHost(host: string | undefined): string {
  if (host === undefined || host === '' || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
