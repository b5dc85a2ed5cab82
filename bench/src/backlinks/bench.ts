import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleTargets, type Graph, openGraph, seedTargetsOf } from '@linkhaul/backlinks';
import { type EndpointName, endpointName, endpointOf } from '@linkhaul/schemas';
import { repositoryRoot } from '@linkhaul/stack';
import { median, quantile, table } from '../figures.js';
import { runLoad } from '../load.js';
import { type BareTask, openBare, recordQueries } from './bare.js';
import { startServer } from './server.js';
import { bulkTasks, domainTasks, type Task } from './tasks.js';

const LINKS = 10_000_000;
const DOMAINS = 133_000;
const MEMORY = '4GB';
const IN_FLIGHT = 30;
/** Both sides take this many turns, and their medians are compared, so that other load on this machine affects both. */
const ROUNDS = 3;
const TASKS = 60;
/** If an endpoint's first answers take longer than this, fewer tasks are run. */
const SLOW_MS = 300;
const SLOW_TASKS = 12;

type Say = (line: string) => void;

/**
 * Measures the local Backlinks API with ten million links, over HTTP, compared with the same queries in DuckDB alone. The
 * graph is made at the first run and kept below `.linkhaul`. All endpoints, or one.
 */
export async function benchBacklinks(env: NodeJS.ProcessEnv, say: Say, part?: string): Promise<void> {
  const names = endpointName.options.filter((name) => part === undefined || name === part);
  const dir = join(repositoryRoot, '.linkhaul', 'bench');
  await mkdir(dir, { recursive: true });
  const path = join(dir, 'backlinks.duckdb');
  const startedAt = performance.now();
  const graph = await openGraph({
    path,
    memory: MEMORY,
    queryTimeoutMs: 120_000,
    settings: { seed: 1, domains: DOMAINS, links: LINKS, seedTargets: seedTargetsOf(exampleTargets()) },
  });
  say(`graph: ${LINKS} links, ${graph.counts.pages} pages, ready after ${seconds(performance.now() - startedAt)}`);
  const server = await startServer({
    ...env,
    BACKLINKS_DATA: path,
    BACKLINKS_MEMORY: MEMORY,
    BACKLINKS_SEED: '1',
    BACKLINKS_DOMAINS: String(DOMAINS),
    BACKLINKS_LINKS: String(LINKS),
  });
  say(`process start on the existing file, until it listens: ${seconds(server.readyMs)}`);
  const bare = await openBare({ path, memory: MEMORY, inFlight: IN_FLIGHT });
  try {
    const rows: string[][] = [];
    for (const name of names) {
      const tasks = await tasksOf(graph, name);
      rows.push(await measure({ name, tasks, graph, server, bare }));
      say(`${name} measured`);
    }
    const heads = ['ms', 'tasks', 'cold p50', 'warm p50', 'p99', '30: p50', 'p99', 'calls/s', 'bare p50', 'p99'];
    for (const line of table([[...heads, '30: calls/s', 'ratio'], ...rows])) say(line);
    say('ratio: calls/s of the bare queries over those of the API, 30 in flight, median of the rounds.');
  } finally {
    bare.close();
    await server.stop();
    graph.close();
  }
}

function tasksOf(graph: Graph, name: EndpointName): Promise<Task[]> {
  return endpointOf(name).kind === 'bulk' ? bulkTasks(graph, name, TASKS) : domainTasks(graph, name, TASKS);
}

type Round = Awaited<ReturnType<typeof runLoad>>;

interface Sides {
  readonly name: string;
  readonly tasks: readonly Task[];
  readonly graph: Graph;
  readonly server: Awaited<ReturnType<typeof startServer>>;
  readonly bare: Awaited<ReturnType<typeof openBare>>;
}

async function measure({ name, tasks: all, graph, server, bare }: Sides): Promise<string[]> {
  const cold = await runLoad(all.slice(0, SLOW_TASKS), 1, server.call);
  const tasks = median(cold.took) > SLOW_MS ? all.slice(0, SLOW_TASKS) : all;
  const queries: BareTask[] = [];
  for (const task of tasks) queries.push(await recordQueries(graph, task));
  const warm = await runLoad(tasks, 1, server.call);
  const bareWarm = await runLoad(queries, 1, bare.run);
  const many: Round[] = [];
  const bareMany: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    many.push(await runLoad(tasks, IN_FLIGHT, server.call));
    bareMany.push(await runLoad(queries, IN_FLIGHT, bare.run));
  }
  const took = many.flatMap((round) => round.took);
  const ratio = median(many.map((round, index) => round.wallMs / (bareMany[index]?.wallMs ?? Number.NaN)));
  return [
    name,
    String(tasks.length),
    ...[median(cold.took), median(warm.took), quantile(warm.took, 0.99)].map(whole),
    ...[median(took), quantile(took, 0.99)].map(whole),
    rate(tasks.length, many),
    ...[median(bareWarm.took), quantile(bareWarm.took, 0.99)].map(whole),
    rate(tasks.length, bareMany),
    ratio.toFixed(2),
  ];
}

function rate(calls: number, rounds: readonly { wallMs: number }[]): string {
  return ((1000 * calls) / median(rounds.map(({ wallMs }) => wallMs))).toFixed(1);
}

function whole(ms: number): string {
  return ms.toFixed(0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
