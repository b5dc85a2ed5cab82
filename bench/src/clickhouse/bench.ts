import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  addressOf,
  exampleTargets,
  type Graph,
  loadGraph,
  openClickHouse,
  openGraph,
  runTask,
  seedTargetsOf,
} from '@linkhaul/backlinks';
import type { EndpointName } from '@linkhaul/schemas';
import { repositoryRoot } from '@linkhaul/stack';
import { z } from 'zod';
import { bulkTasks, domainTasks, type Task } from '../backlinks/tasks.js';
import { median, table } from '../figures.js';
import { startStandIn } from './stand-in.js';

/** Links of each graph, and their domains. */
const SIZES = [100_000, 500_000, 2_000_000].map((links) => ({ links, domains: Math.round(links / 7500) * 100 }));
const ENDPOINTS = ['bulk_backlinks', 'bulk_referring_domains', 'bulk_new_lost_backlinks', 'referring_domains'] as const;
const TASKS = 9;
const MEMORY = '2GB';
const TIMEOUT_MS = 120_000;
const ACCOUNT = { login: 'local', now: 0, tokensLastMs: null };

type Say = (line: string) => void;

/**
 * Loads generated graphs into ClickHouse, and asks it and DuckDB the same in turns. `CHDB` names the folder in which
 * `npm i --prefix FOLDER chdb` has installed the engine: one process on this machine, and no cluster.
 */
export async function benchClickHouse(env: NodeJS.ProcessEnv, say: Say): Promise<void> {
  const { CHDB: folder } = env;
  if (folder === undefined) throw new Error('set CHDB to a folder with chdb: npm i --prefix FOLDER chdb');
  const dir = join(repositoryRoot, '.linkhaul', 'bench');
  await mkdir(dir, { recursive: true });
  const rows: string[][] = [['links', 'engine', 'load s', 'MB', ...ENDPOINTS]];
  for (const size of SIZES) {
    const path = join(dir, `clickhouse-${size.links}.duckdb`);
    const settings = { seed: 1, ...size, seedTargets: seedTargetsOf(exampleTargets()) };
    const duck = await openGraph({ path, memory: MEMORY, queryTimeoutMs: TIMEOUT_MS, settings });
    const standIn = await startStandIn(folder);
    const address = addressOf(standIn.url);
    if ('problem' in address) throw new Error(address.problem);
    try {
      const loading = await timed(() =>
        loadGraph({ path, memory: MEMORY, named: { file: path, memory: MEMORY } }, address, QUIET),
      );
      const clickHouse = await openClickHouse(address, TIMEOUT_MS);
      const { ofDuck, ofClickHouse } = await askBoth(duck, clickHouse);
      const links = size.links.toLocaleString('en');
      const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
      rows.push([links, 'DuckDB', '', megabytes((await stat(path)).size), ...ofDuck]);
      rows.push(['', 'ClickHouse', (loading / 1000).toFixed(1), megabytes(await bytesOf(clickHouse)), ...ofClickHouse]);
      clickHouse.close();
      say(`${links} links measured`);
    } finally {
      duck.close();
      await standIn.stop();
    }
  }
  for (const line of table(rows)) say(line);
  say(
    `ms of a call, median of ${TASKS}: 1,000 targets of a bulk call, up to 1,000 items of referring_domains. The load does not include making the graph.`,
  );
}

const QUIET = { signal: new AbortController().signal, onTable: () => {} };

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function bytesOf(graph: Graph): Promise<number> {
  const sql = 'SELECT sum(total_bytes)::DOUBLE AS bytes FROM system.tables WHERE database = currentDatabase()';
  return (await graph.row(sql, {}, z.object({ bytes: z.number() })))?.bytes ?? 0;
}

/** The median times of both, taken in turns, so that other load on this machine affects both. The first task warms both up. */
async function askBoth(duck: Graph, clickHouse: Graph) {
  const medians: { ofDuck: string[]; ofClickHouse: string[] } = { ofDuck: [], ofClickHouse: [] };
  for (const name of ENDPOINTS) {
    const times: { duck: number; clickHouse: number }[] = [];
    for (const task of await tasksOf(duck, name)) {
      times.push({
        duck: await timed(() => ask(duck, task)),
        clickHouse: await timed(() => ask(clickHouse, task)),
      });
    }
    const warm = times.slice(1);
    medians.ofDuck.push(median(warm.map((one) => one.duck)).toFixed(0));
    medians.ofClickHouse.push(median(warm.map((one) => one.clickHouse)).toFixed(0));
  }
  return medians;
}

function tasksOf(graph: Graph, name: EndpointName): Promise<Task[]> {
  return name === 'referring_domains' ? domainTasks(graph, name, TASKS + 1) : bulkTasks(graph, name, TASKS + 1);
}

async function ask(graph: Graph, { endpoint, task }: Task): Promise<void> {
  const outcome = await runTask(graph, { name: endpoint, task }, ACCOUNT);
  if (outcome.code !== 20_000) throw new Error(`${endpoint}: ${outcome.message}`);
}
