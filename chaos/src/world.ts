import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LinkhaulClient } from '@linkhaul/client';
import {
  BUCKET,
  type RunningProcess,
  redisBinary,
  STORE_KEYS,
  STORE_REGION,
  type StandIn,
  startStack,
  startStandIn,
} from '@linkhaul/stack';
import { type Receiver, startReceiver } from './receiver.js';
import { type ChaosRedis, oneRedis, redisWithSentinels } from './redis-at.js';
import { type Witness, witnessAt } from './witness.js';

/** The built processes of the service over a Redis, a storage and an upstream that can be disturbed. */
export interface World {
  readonly client: LinkhaulClient;
  readonly apiUrl: string;
  readonly redis: ChaosRedis;
  readonly upstream: Witness;
  /** Receives the webhooks of the world's jobs. */
  readonly receiver: Receiver;
  /** The folder of its storage; empty with a bucket. */
  readonly storageDir: string;
  /** Null without a bucket. */
  readonly bucket: StandIn | null;
  /** The running workers, oldest first. */
  workers(): readonly RunningProcess[];
  readonly api: RunningProcess;
  restartApi(): Promise<unknown>;
  startWorker(): Promise<RunningProcess>;
  /** The peak memory of the running process that has used the most, in MiB. */
  peakMemory(): Promise<number>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Where Redis and storage are. Default: one server, and a folder. The small disk is in memory, and needs root. */
  readonly place?: 'sentinels' | 'bucket' | 'small-disk';
  /** Variables of API and workers. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Calls in flight at once. */
const IN_FLIGHT = 4;
/** Calls that a worker holds at once: those in flight, and those whose answers are being stored. */
export const HELD_BY_WORKER = 6;
export const WORKERS = 2;
const DISK_MIB = 64;
const run = promisify(execFile);

/** Makes minutes at a real upstream into moments. The caller's variables take precedence: `TIME_SCALE=1 pnpm chaos`. */
const SCALED = {
  TIME_SCALE: '0.4',
  UPSTREAM_TIMEOUT_MS: '6000',
  UPSTREAM_MAX_RUN_MS: '1000',
  UPSTREAM_SETTLE_MS: '500',
  BACKLINKS_DOMAINS: '800',
  BACKLINKS_LINKS: '30000',
  BACKLINKS_CONTROL: '1',
  BACKLINKS_LATENCY_MS: '100',
  UPSTREAM_MAX_IN_FLIGHT: String(IN_FLIGHT),
  WORKER_CONCURRENCY: String(HELD_BY_WORKER),
  BACKLINKS_MAX_IN_FLIGHT: String(IN_FLIGHT),
};

/** `graph`: the folder in which the local Backlinks API's graph is made once, for all worlds. */
export async function openWorld(
  { place, env = {} }: WorldOptions,
  { given, graph }: { given: NodeJS.ProcessEnv; graph: string },
): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-chaos-'));
  if (place === 'small-disk') await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', dataDir]);
  const binary = await redisBinary({ env: given, mayInstall: false, say: () => undefined });
  const redisDir = await mkdtemp(join(tmpdir(), 'linkhaul-chaos-redis-'));
  const redis = await (place === 'sentinels' ? redisWithSentinels : oneRedis)({ binary, dir: redisDir });
  const bucket = place === 'bucket' ? await startStandIn() : null;
  const stack = await startStack({
    dataDir,
    workers: WORKERS,
    backlinks: true,
    env: {
      ...SCALED,
      PATH: given.PATH,
      ...(given.TIME_SCALE !== undefined && { TIME_SCALE: given.TIME_SCALE }),
      REDIS_URL: redis.url,
      BACKLINKS_DATA: graph,
      ...(bucket !== null && bucketEnv(bucket)),
      ...env,
    },
  });
  const receiver = await startReceiver();
  const workers = [...stack.workers];
  const running = () => workers.filter(({ child }) => child.running);
  return {
    client: stack.client,
    apiUrl: stack.apiUrl,
    redis,
    upstream: witnessAt(stack.backlinksUrl ?? ''),
    receiver,
    storageDir: join(dataDir, 'storage'),
    bucket,
    workers: running,
    api: stack.api,
    restartApi: stack.restartApi,
    async startWorker() {
      const worker = await stack.startWorker();
      workers.push(worker);
      return worker;
    },
    async peakMemory() {
      return Math.max(...(await Promise.all([...running(), stack.api].map(({ child }) => peakMiB(child.pid)))));
    },
    async stop() {
      await stack.stop();
      receiver.close();
      await redis.stop();
      await bucket?.close();
      if (place === 'small-disk') await run('umount', [dataDir]);
      for (const dir of [dataDir, redisDir]) await rm(dir, { recursive: true, force: true });
    },
  };
}

function bucketEnv({ endpoint }: StandIn): Record<string, string> {
  return {
    STORAGE_URL: `s3://${BUCKET}/chaos?endpoint=${endpoint}&region=${STORE_REGION}&path_style=true`,
    AWS_ACCESS_KEY_ID: STORE_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: STORE_KEYS.secretAccessKey,
  };
}

/** The most resident memory that the process has ever had, as Linux counts it. */
async function peakMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}
