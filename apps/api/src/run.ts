import { setTimeout as sleep } from 'node:timers/promises';
import { createCourier } from '@linkhaul/client';
import {
  type Access,
  accessTo,
  type CaughtUp,
  connectClient,
  connectConsumer,
  connectReplicas,
  connectSubscriber,
  consume,
  createCatchUp,
  createInstallation,
  createSnapshots,
  openJobs,
  watchChanges,
  watchRedis,
} from '@linkhaul/jobs';
import {
  createLogger,
  type Host,
  type Lifecycle,
  type Logger,
  listen,
  openTracing,
  runProcess,
  watchProcess,
} from '@linkhaul/runtime';
import { createApp } from './app.js';
import { type ApiEnv, readApiEnv } from './env.js';
import { createFeeds } from './live/feeds.js';
import { createApiMetrics } from './metrics.js';
import { readPage } from './page/page-files.js';
import { ApiProblem, problemResponse } from './problem.js';
import { createDownloads } from './results/downloads.js';
import { writeFilesAhead } from './results/write-files-ahead.js';
import type { Services } from './services.js';
import { createAdmission } from './submit/admission/admission.js';

const CLOSE_GRACE_MS = 10_000;
/** Where `pnpm build` puts the dashboard: beside the API's own files. */
const PAGE_FOLDER = new URL('./page/', import.meta.url);

/** The start waits this long for Redis at most, so that the health endpoints answer soon. */
const REDIS_WITHIN_MS = 1_000;

export async function run(host: Host): Promise<void> {
  const result = readApiEnv(host.env);
  if (!result.ok) {
    host.stderr.write(`The API cannot start:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}\n`);
    host.exit(1);
  }
  const logger = createLogger('api', result.env.logLevel);
  await runProcess(host, logger, (life) => start(result.env, logger, life));
}

async function start(env: ApiEnv, logger: Logger, life: Lifecycle): Promise<void> {
  const vitals = watchProcess();
  life.onStop('vitals', () => vitals.close());
  const tracing = await openTracing({ service: 'linkhaul-api', logger, ...env.tracing });
  life.onStop('tracing', () => tracing.close());
  const services = await openServices({ env, logger, tracing, metrics: createApiMetrics(vitals) }, life);
  const server = await listen(createApp(services).fetch, {
    host: env.host,
    port: env.port,
    limits: env.connections,
    refuse: tooManyRequests,
  });
  life.onStop('http', () => server.close(CLOSE_GRACE_MS));
  // Feeds close before the server, because open listeners would keep the server from closing. Clients reconnect to another process.
  life.onStop('feeds', () => services.feeds.close());
  logger.info(
    { host: env.host, port: server.port, storage: env.storage.kind, upstream: env.upstreamHost },
    'listening',
  );
}

/** The server's own answer, before any route, to an address with too many open requests. */
function tooManyRequests(): Response {
  const detail = 'Too many requests of this address are open: try again when some have ended.';
  return problemResponse(
    new ApiProblem('too_many_requests', detail, { headers: { 'retry-after': '1', connection: 'close' } }),
  );
}

type Given = Pick<Services, 'env' | 'logger' | 'tracing' | 'metrics'>;

/** Opens all services. None waits for Redis: until Redis is available, requests are answered with 503. */
async function openServices(given: Given, life: Lifecycle): Promise<Services> {
  const { env, logger } = given;
  const redis = connectClient(env.redis);
  const subscriber = connectSubscriber(env.redis);
  life.onStop('redis', () => {
    redis.disconnect();
    subscriber.disconnect();
  });
  const access = accessTo(redis, env.redis.prefix, env.timing);
  const jobs = openJobs(access);
  const replicas = connectReplicas(env.redis, access.keys);
  life.onStop('replicas', () => replicas.close());
  const { store, monitor, queues } = jobs;
  life.onStop('queues', () => queues.close());
  const watch = watchRedis(store.check, (trouble) => logRedis(logger, trouble));
  life.onStop('redis watch', () => watch.close());
  await Promise.race([watch.usable, sleep(REDIS_WITHIN_MS)]);
  const storage = env.storage.open(env.redis);
  life.onStop('storage', () => storage.close());
  const keptIn = env.storage.kind === 'redis' ? null : storage;
  const say = (done: CaughtUp) => logger.warn(done, 'Redis had lost its last writes: restored from storage');
  const catchUp = createCatchUp({ settings: env.redis, timing: env.timing, storage: keptIn, say });
  const installation = createInstallation(access, storage, catchUp);
  // Checked before the first requests, which may all arrive at once. If the check fails, /readyz says why.
  await installation.check().catch((err: unknown) => logger.error({ err }, 'storage is unavailable'));
  const courier = createCourier({ stopping: life.stopping, dnsServers: env.webhookDnsServers });
  life.onStop('courier', () => courier.close());
  const changes = watchChanges(subscriber, access.keys);
  const services: Services = {
    ...given,
    ...jobs,
    storage,
    installation,
    replicas,
    downloads: createDownloads({ ...jobs, storage }),
    snapshots: createSnapshots(access, keptIn),
    courier,
    changes,
    feeds: createFeeds({ store, changes, monitor }),
    admission: createAdmission({ perTenant: env.uploadsPerTenant }),
    page: await readPage(PAGE_FOLDER),
  };
  // A BullMQ consumer that has never connected to Redis cannot be closed, so it starts only after the first connection.
  void watch.usable.then(() => takeFiles(services, access, life));
  return services;
}

/** Writes the files of large finished jobs, one job at a time. Each job's message goes to one API process. */
function takeFiles(services: Services, { keys, timing }: Access, life: Lifecycle): void {
  if (life.stopping.aborted) return;
  const { env, logger } = services;
  const connection = connectConsumer(env.redis);
  const taking = consume({
    connection,
    keys,
    timing,
    name: 'files',
    concurrency: 1,
    handle: (job) => writeFilesAhead(job, services, life.stopping),
    onError: (err) => logger.error({ err, queue: 'files' }, 'result files could not be written ahead'),
    onNewer: async () => false,
  });
  life.onStop('files', async () => {
    // Without Redis, closing would never end.
    await Promise.race([taking.close(), sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
    connection.disconnect();
  });
}

function logRedis(logger: Logger, trouble: string | null): void {
  if (trouble === null) logger.info('Redis can be used');
  else logger.error(`${trouble}. Trying on`);
}
