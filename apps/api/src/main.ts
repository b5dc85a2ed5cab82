import { createCourier } from '@linkhaul/client';
import {
  connectClient,
  connectSubscriber,
  createApiKeys,
  createCallLedger,
  createCalls,
  createCapacities,
  createDeliveries,
  createEvents,
  createIdempotencyKeys,
  createInstallation,
  createJobStore,
  createLedger,
  createOutlooks,
  createPriceList,
  createQueues,
  createRemovals,
  createRequestLimits,
  createStandings,
  createTenants,
  createUploads,
  createUsage,
  createWebhookSettings,
  keysOf,
  scriptsOn,
  watchChanges,
  whenReady,
} from '@linkhaul/jobs';
import { createLogger, listen, runProcess, watchProcess } from '@linkhaul/runtime';
import { createApp } from './app.js';
import { readApiEnv } from './env.js';
import { createJobFeeds } from './live/job-feeds.js';
import { createApiMetrics } from './metrics.js';

const CLOSE_GRACE_MS = 10_000;

const result = readApiEnv(process.env);
if (!result.ok) {
  process.stderr.write(`The API cannot start:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}\n`);
  process.exit(1);
}
const { env } = result;
const logger = createLogger('api', env.logLevel);

await runProcess(process, logger, async (life) => {
  const vitals = watchProcess();
  life.onStop('vitals', () => vitals.close());
  const keys = keysOf(env.redis.prefix);
  const redis = connectClient(env.redis.url);
  const subscriber = connectSubscriber(env.redis.url);
  life.onStop('redis', () => {
    redis.disconnect();
    subscriber.disconnect();
  });
  await whenReady(redis);
  const storage = env.storage.open(env.redis);
  life.onStop('storage', () => storage.close());
  const installation = createInstallation(redis, keys, storage);
  // Opened before the first requests come at once; /readyz says so where it cannot be.
  await installation.check().catch((err: unknown) => logger.warn({ err }, 'storage is away'));
  const queues = createQueues(redis, keys);
  life.onStop('queues', () => queues.close());
  const capacities = createCapacities(redis, keys);
  const run = scriptsOn(redis, keys.root);
  const courier = createCourier();
  life.onStop('courier', () => courier.close());
  const store = createJobStore(redis, keys);
  const changes = watchChanges(subscriber, keys);
  const outlooks = createOutlooks(redis, keys, capacities);
  const feeds = createJobFeeds({ store, changes, outlooks });
  const app = createApp({
    env,
    logger,
    storage,
    installation,
    queues,
    store,
    calls: createCalls(redis, keys),
    callLedger: createCallLedger(redis, keys),
    ledger: createLedger(run),
    events: createEvents(redis, keys),
    deliveries: createDeliveries(redis, keys, run),
    idempotency: createIdempotencyKeys(redis, keys),
    removals: createRemovals(redis, keys),
    webhooks: createWebhookSettings(redis, keys, run),
    courier,
    changes,
    feeds,
    prices: createPriceList(redis, keys),
    tenants: createTenants(redis, keys, run),
    apiKeys: createApiKeys(redis, keys, run),
    requestLimits: createRequestLimits(redis, keys, run),
    uploads: createUploads(redis, keys),
    usage: createUsage(redis, keys),
    capacities,
    standings: createStandings(redis, keys),
    outlooks,
    metrics: createApiMetrics(vitals),
  });
  const server = await listen(app.fetch, { host: env.host, port: env.port });
  life.onStop('http', () => server.close(CLOSE_GRACE_MS));
  // First of all, or its listeners would hold the server open; they come back to another one.
  life.onStop('feeds', () => feeds.close());
  logger.info(
    { host: env.host, port: server.port, storage: env.storage.kind, upstream: env.upstreamHost },
    'listening',
  );
});
