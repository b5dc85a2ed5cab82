import {
  connectClient,
  connectSubscriber,
  createCallLedger,
  createCalls,
  createCapacities,
  createDeliveries,
  createIdempotencyKeys,
  createJobStore,
  createLedger,
  createOutlooks,
  createPriceList,
  createQueues,
  createRemovals,
  createTenants,
  createUsage,
  keysOf,
  scriptsOn,
  watchChanges,
  whenReady,
} from '@linkhaul/jobs';
import { createLogger, listen, runProcess } from '@linkhaul/runtime';
import { createApp } from './app.js';
import { readApiEnv } from './env.js';

const CLOSE_GRACE_MS = 10_000;

const result = readApiEnv(process.env);
if (!result.ok) {
  process.stderr.write(`The API cannot start:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}\n`);
  process.exit(1);
}
const { env } = result;
const logger = createLogger('api', env.logLevel);

await runProcess(process, logger, async (life) => {
  for (const variable of env.unused) logger.warn({ variable }, 'set, and not used in this version');
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
  // Opened before the first requests come at once; /readyz says so where it cannot be.
  await storage.check().catch((err: unknown) => logger.warn({ err }, 'storage does not answer'));
  const queues = createQueues(redis, keys);
  life.onStop('queues', () => queues.close());
  const capacities = createCapacities(redis, keys);
  const app = createApp({
    env,
    logger,
    storage,
    queues,
    store: createJobStore(redis, keys),
    calls: createCalls(redis, keys),
    callLedger: createCallLedger(redis, keys),
    ledger: createLedger(scriptsOn(redis, keys.root)),
    deliveries: createDeliveries(redis, keys),
    idempotency: createIdempotencyKeys(redis, keys),
    removals: createRemovals(redis, keys),
    changes: watchChanges(subscriber, keys),
    prices: createPriceList(redis, keys),
    tenants: createTenants(redis, keys),
    usage: createUsage(redis, keys),
    capacities,
    outlooks: createOutlooks(redis, keys, capacities),
  });
  const server = await listen(app.fetch, { host: env.host, port: env.port });
  life.onStop('http', () => server.close(CLOSE_GRACE_MS));
  logger.info(
    { host: env.host, port: server.port, storage: env.storage.kind, upstream: env.upstreamHost },
    'listening',
  );
});
