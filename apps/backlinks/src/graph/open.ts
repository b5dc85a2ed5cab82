import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { EndpointName, GraphOrigin } from '@linkhaul/schemas';
import { watchDamage } from './damage.js';
import { generateGraph } from './generate.js';
import {
  type FileOptions,
  type Fill,
  fillInstance,
  type GraphFileError,
  isCurrent,
  makeFile,
  meansOf,
  notMade,
  unusable,
} from './graph-file.js';
import { runAll } from './making.js';
import { readCounts, readMark } from './mark.js';
import { createQueries, type Lanes } from './queries.js';
import type { GraphCounts, GraphSettings } from './settings.js';
import { DUCKDB_FUNCTIONS } from './shared-functions.js';
import { removeAbandoned } from './unfinished.js';

export interface Graph extends Lanes {
  readonly counts: GraphCounts;
  readonly origin: GraphOrigin;
  /** Whether the engine answers an endpoint. */
  answers(endpoint: EndpointName): boolean;
  /** Does some work on one graph, though another may take its place meanwhile. */
  pinned<T>(work: (graph: Graph) => Promise<T>): Promise<T>;
  close(): void;
}

export interface OpenOptions extends Omit<FileOptions, 'named'> {
  /** Determine every row of a generated graph. */
  readonly settings: GraphSettings;
  /** How long one query may run, in milliseconds; a longer one throws QueryTimeout. */
  readonly queryTimeoutMs: number;
  /** Called when a query finds that the file is damaged. Later queries may fail or hang. */
  readonly onBroken?: (error: GraphFileError) => void;
}

/** DuckDB runs each query on all cores; a few connections keep them busy while answers are written. */
const CONNECTIONS = 4;

const named = { file: 'BACKLINKS_DATA', memory: 'BACKLINKS_MEMORY' };

/**
 * Opens the graph. Makes it first if the file is missing or was generated from other settings. Throws GraphFileError
 * if the file holds something else or cannot be made.
 */
export async function openGraph(options: OpenOptions): Promise<Graph> {
  if (options.path === ':memory:') return openInMemory(options);
  // A current graph may be in a read-only place.
  if (await isCurrent({ ...options, named }, options.settings)) await removeAbandoned(options.path).catch(() => {});
  else await makeFile({ ...options, named }, generating(options));
  return openFile(options);
}

/** Opens the file as it is. */
export async function openFile(options: OpenOptions): Promise<Graph> {
  const file = { ...options, named };
  try {
    const means = { ...meansOf(file), access_mode: 'READ_ONLY' };
    return await graphOn(await DuckDBInstance.create(options.path, means), options);
  } catch (error) {
    throw unusable(file, error);
  }
}

function generating({ settings }: OpenOptions): Fill {
  return (connection, onStep) => generateGraph(connection, settings, onStep);
}

async function openInMemory(options: OpenOptions): Promise<Graph> {
  const file = { ...options, named };
  try {
    const instance = await DuckDBInstance.create(options.path, meansOf(file));
    await fillInstance(instance, file, generating(options));
    return await graphOn(instance, options);
  } catch (error) {
    throw notMade(file, error);
  }
}

/** A connection that knows what queries call. */
export async function connectTo(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await runAll(connection, DUCKDB_FUNCTIONS);
  return connection;
}

async function graphOn(instance: DuckDBInstance, options: OpenOptions): Promise<Graph> {
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < CONNECTIONS; i++) connections.push(await connectTo(instance));
  const [first] = connections;
  if (first === undefined) throw new Error('the graph has no connection');
  const [{ origin }, counts] = [await readMark(first), await readCounts(first)];
  const queries = watchDamage(createQueries(connections, options.queryTimeoutMs), (damage) =>
    options.onBroken?.(unusable({ ...options, named }, damage)),
  );
  const close = () => {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  };
  const graph: Graph = { ...queries, counts, origin, answers: () => true, pinned: (work) => work(graph), close };
  return graph;
}
