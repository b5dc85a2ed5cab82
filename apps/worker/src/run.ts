import { watchRedis } from '@linkhaul/jobs';
import {
  createLogger,
  type Host,
  healthRoutes,
  type Lifecycle,
  type Logger,
  listen,
  metricsRoute,
  openTracing,
  runProcess,
} from '@linkhaul/runtime';
import { type Base, openBase, startWorker } from './app.js';
import { readWorkerEnv, type WorkerEnv } from './env.js';

const DEFAULT_PORT = 9090;
const CLOSE_GRACE_MS = 1_000;

export async function run(host: Host): Promise<void> {
  const result = readWorkerEnv(host.env);
  if (!result.ok) {
    host.stderr.write(`The worker cannot start:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}\n`);
    host.exit(1);
  }
  const logger = createLogger('worker', result.env.logLevel);
  await runProcess(host, logger, (life) => start(result.env, logger, life));
}

/** Serves health and metrics at once, and starts the stages when Redis is available. */
async function start(env: WorkerEnv, logger: Logger, life: Lifecycle): Promise<void> {
  const tracing = await openTracing({ service: 'linkhaul-worker', logger, ...env.tracing });
  life.onStop('tracing', () => tracing.close());
  const base = openBase({ env, logger, tracing }, life);
  const server = await listen(healthOf(base).fetch, {
    host: env.host,
    port: env.port ?? DEFAULT_PORT,
    orAnyPort: env.port === null,
    limits: env.connections,
  });
  life.onStop('health', () => server.close(CLOSE_GRACE_MS));
  const address = { host: env.host, port: server.port };
  const watch = watchRedis(base.jobs.store.check, (trouble) => {
    if (trouble === null) logger.info('Redis can be used');
    else logger.error(address, `${trouble}. Trying again`);
  });
  life.onStop('redis watch', () => watch.close());
  await watch.usable;
  const { worker, upstream } = await startWorker(base, life);
  logger.info({ ...address, worker, upstream: upstream.host }, 'listening');
}

function healthOf({ env, jobs, installation, metrics }: Base) {
  return healthRoutes({ redis: () => jobs.store.checkRoom(), storage: () => installation.check() }).route(
    '/',
    metricsRoute({
      access: env.metrics,
      read: () => metrics.families(),
      refuse: ({ status, detail, headers }) => new Response(`${detail}\n`, { status, headers }),
    }),
  );
}
