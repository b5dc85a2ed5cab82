import { createLogger, type Lifecycle, listen, readEnv, runProcess } from '@linkhaul/runtime';
import { ID_LIST_PER_MINUTE, STARTING_BALANCE_USD } from './account.js';
import { createApp } from './app.js';
import { type BacklinksEnv, backlinksEnv } from './env.js';
import { exampleTargets } from './examples.js';
import { openGraph } from './graph/open.js';
import { seedTargetsOf } from './graph/seed-targets.js';
import { createState } from './state.js';

/** How long requests in flight may take to end when the process stops. */
const CLOSE_MS = 5000;

const read = readEnv(backlinksEnv, process.env);
const logger = createLogger('backlinks', read.ok ? read.env.LOG_LEVEL : 'info');
if (read.ok) {
  await runProcess(process, logger, (life) => start(read.env, life));
} else {
  logger.fatal({ problems: read.problems }, 'the environment is not valid');
  process.exit(1);
}

async function start(env: BacklinksEnv, life: Lifecycle): Promise<void> {
  const startedAt = performance.now();
  const graph = await openGraph({
    path: env.BACKLINKS_DATA,
    memory: env.BACKLINKS_MEMORY,
    settings: {
      seed: env.BACKLINKS_SEED,
      domains: env.BACKLINKS_DOMAINS,
      links: env.BACKLINKS_LINKS,
      seedTargets: seedTargetsOf(exampleTargets()),
    },
  });
  life.onStop('graph', () => graph.close());
  logger.info({ took_ms: Math.round(performance.now() - startedAt), path: env.BACKLINKS_DATA }, 'graph ready');
  const app = createApp({
    graph,
    logger,
    state: createState(settingsOf(env), Date.now),
    credentials: { login: env.BACKLINKS_LOGIN, password: env.BACKLINKS_PASSWORD },
    control: env.BACKLINKS_CONTROL,
    now: Date.now,
    stopping: life.stopping,
  });
  const server = await listen(app.fetch, { host: env.HOST, port: env.PORT });
  life.onStop('http', () => server.close(CLOSE_MS));
  const { host, port, url } = { host: env.HOST, port: server.port, url: `http://${env.HOST}:${server.port}` };
  logger.info({ host, port, url, ...graph.counts, simulated: true }, 'listening');
}

function settingsOf(env: BacklinksEnv) {
  return {
    latency_ms: env.BACKLINKS_LATENCY_MS,
    max_per_minute: env.BACKLINKS_MAX_PER_MINUTE,
    max_in_flight: env.BACKLINKS_MAX_IN_FLIGHT,
    id_list_per_minute: ID_LIST_PER_MINUTE,
    balance_usd: STARTING_BALANCE_USD,
  };
}
