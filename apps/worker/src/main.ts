import { createLogger, healthRoutes, listen, metricsRoute, runProcess } from '@linkhaul/runtime';
import { startWorker } from './app.js';
import { readWorkerEnv } from './env.js';

const DEFAULT_PORT = 9090;
const CLOSE_GRACE_MS = 1_000;

const result = readWorkerEnv(process.env);
if (!result.ok) {
  process.stderr.write(`The worker cannot start:\n${result.problems.map((problem) => `  ${problem}`).join('\n')}\n`);
  process.exit(1);
}
const { env } = result;
const logger = createLogger('worker', env.logLevel);

await runProcess(process, logger, async (life) => {
  const services = await startWorker(env, logger, life);
  const { store, installation, metrics } = services;
  const routes = healthRoutes({ redis: () => store.check(), storage: () => installation.check() }).route(
    '/',
    metricsRoute({ token: env.metricsToken, read: () => metrics.families(), refuse: needToken }),
  );
  const server = await listen(routes.fetch, {
    host: env.host,
    port: env.port ?? DEFAULT_PORT,
    orAnyPort: env.port === null,
  });
  life.onStop('health', () => server.close(CLOSE_GRACE_MS));
  logger.info(
    { host: env.host, port: server.port, worker: services.worker, upstream: services.upstream.host },
    'listening',
  );
});

function needToken(): Response {
  return new Response('Send METRICS_TOKEN as "Authorization: Bearer <token>".\n', {
    status: 401,
    headers: { 'www-authenticate': 'Bearer' },
  });
}
