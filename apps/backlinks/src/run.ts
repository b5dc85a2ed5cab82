import {
  connectionLimits,
  createLogger,
  type Host,
  type Lifecycle,
  type Logger,
  listen,
  readEnv,
  runProcess,
} from '@linkhaul/runtime';
import { STARTING_SETTINGS } from './account.js';
import { createApp } from './app.js';
import type { Address } from './clickhouse/address.js';
import { EngineError } from './clickhouse/engine-error.js';
import { openClickHouse } from './clickhouse/open.js';
import { credentialsOf } from './credentials.js';
import { type BacklinksEnv, backlinksEnv } from './env.js';
import { exampleTargets } from './examples.js';
import { followGraph } from './graph/follow.js';
import { GraphFileError } from './graph/graph-file.js';
import type { Graph } from './graph/open.js';
import { isSimulated } from './graph/origin.js';
import { seedTargetsOf } from './graph/seed-targets.js';
import { holdPort, PortError } from './held-port.js';
import { createMakingLog } from './making-log.js';
import { createState } from './state.js';

/** How long requests in flight may take to end when the process stops. */
const CLOSE_MS = 5000;

/** After this time the upstream answers a live task with 50401. */
const TASK_TIMEOUT_MS = 120_000;

export async function run(host: Host): Promise<void> {
  const read = readEnv(backlinksEnv, host.env);
  const logger = createLogger('backlinks', read.ok ? read.env.LOG_LEVEL : 'info');
  if (!read.ok) {
    logger.fatal({ problems: read.problems }, 'the environment is not valid');
    host.exit(1);
  }
  /** Ends the process with a sentence that tells the user what to do. */
  const giveUp = (error: unknown): never => {
    if (!(error instanceof GraphFileError || error instanceof EngineError || error instanceof PortError)) throw error;
    logger.fatal(error.message);
    host.exit(1);
  };
  await runProcess(host, logger, (life) => start(read.env, { life, logger, giveUp }).catch(giveUp));
}

interface Means {
  readonly life: Lifecycle;
  readonly logger: Logger;
  readonly giveUp: (error: unknown) => never;
}

async function start(env: BacklinksEnv, means: Means): Promise<void> {
  const { life, logger } = means;
  const startedAt = performance.now();
  const address = { host: env.HOST, port: env.PORT };
  // Takes the port first: making or replacing a graph takes minutes, in vain if the port is taken.
  const release = await holdPort(address);
  const engine = env.BACKLINKS_ENGINE;
  const graph = await (engine === undefined ? graphInFile(env, means) : openClickHouse(engine, TASK_TIMEOUT_MS));
  life.onStop('graph', () => graph.close());
  const place = engine === undefined ? { path: env.BACKLINKS_DATA } : placeOf(engine);
  logger.info({ took_ms: Math.round(performance.now() - startedAt), ...place }, 'graph ready');
  const app = createApp({
    graph,
    logger,
    state: createState(settingsOf(env), Date.now),
    credentials: credentialsOf(env),
    control: env.BACKLINKS_CONTROL,
    now: Date.now,
    stopping: life.stopping,
  });
  await release();
  const server = await listen(app.fetch, { ...address, limits: connectionLimits(env) });
  life.onStop('http', () => server.close(CLOSE_MS));
  const { host, port, url } = { host: env.HOST, port: server.port, url: `http://${env.HOST}:${server.port}` };
  logger.info({ host, port, url, ...saidOf(graph) }, 'listening');
}

async function graphInFile(env: BacklinksEnv, { life, logger, giveUp }: Means): Promise<Graph> {
  const { BACKLINKS_DATA: path, BACKLINKS_MEMORY: memory } = env;
  const numbers = { seed: env.BACKLINKS_SEED, domains: env.BACKLINKS_DOMAINS, links: env.BACKLINKS_LINKS };
  const log = createMakingLog(logger, { path, memory, ...numbers });
  const opening = followGraph({
    path,
    memory,
    queryTimeoutMs: TASK_TIMEOUT_MS,
    settings: { ...numbers, seedTargets: seedTargetsOf(exampleTargets()) },
    signal: life.stopping,
    onStep: log.onStep,
    onBroken: giveUp,
    onReplaced: (graph) => logger.info({ path, ...saidOf(graph) }, 'answering from another graph'),
    onRefused: (error) => logger.error(`${reasonOf(error)}; the graph that was there answers on`),
  }).finally(log.end);
  // Waits until the unfinished graph is removed.
  life.onStop('graph in the making', () =>
    opening.then(
      () => {},
      () => {},
    ),
  );
  return opening;
}

function placeOf({ url, database }: Address) {
  return { clickhouse: new URL(url).host, database };
}

function settingsOf(env: BacklinksEnv) {
  return {
    ...STARTING_SETTINGS,
    latency_ms: env.BACKLINKS_LATENCY_MS,
    max_per_minute: env.BACKLINKS_MAX_PER_MINUTE,
    max_in_flight: env.BACKLINKS_MAX_IN_FLIGHT,
  };
}

function saidOf({ counts, origin }: Graph) {
  return { ...counts, simulated: isSimulated(origin), origin };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
