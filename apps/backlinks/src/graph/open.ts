import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { watchDamage } from './damage.js';
import {
  type GraphFileError,
  generateInto,
  isCurrent,
  type MakeOptions,
  makeFile,
  meansOf,
  notMade,
  unusable,
} from './graph-file.js';
import { createQueries, type Lanes } from './queries.js';
import type { GraphCounts } from './settings.js';
import { removeAbandoned } from './unfinished.js';

export interface Graph extends Lanes {
  readonly counts: GraphCounts;
  close(): void;
}

interface OpenOptions extends MakeOptions {
  /** How long one query may run, in milliseconds; a longer one throws QueryTimeout. */
  readonly queryTimeoutMs: number;
  /** Called when a query finds that the file is damaged. Later queries may fail or hang. */
  readonly onBroken?: (error: GraphFileError) => void;
}

/** DuckDB runs each query on all cores; a few connections keep them busy while answers are written. */
const CONNECTIONS = 4;

/**
 * Opens the graph. Makes it first if the file is missing or was made from other settings. Throws GraphFileError
 * if the file holds something else or cannot be made.
 */
export async function openGraph(options: OpenOptions): Promise<Graph> {
  if (options.path === ':memory:') return openInMemory(options);
  // A current graph may be in a read-only place.
  if (await isCurrent(options)) await removeAbandoned(options.path).catch(() => {});
  else await makeFile(options);
  try {
    const means = { ...meansOf(options), access_mode: 'READ_ONLY' };
    return await graphOn(await DuckDBInstance.create(options.path, means), options);
  } catch (error) {
    throw unusable(options.path, error);
  }
}

async function openInMemory(options: OpenOptions): Promise<Graph> {
  try {
    const instance = await DuckDBInstance.create(options.path, meansOf(options));
    await generateInto(instance, options);
    return await graphOn(instance, options);
  } catch (error) {
    throw notMade(options, error);
  }
}

async function graphOn(instance: DuckDBInstance, options: OpenOptions): Promise<Graph> {
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < CONNECTIONS; i++) connections.push(await instance.connect());
  const queries = watchDamage(createQueries(connections, options.queryTimeoutMs), (damage) =>
    options.onBroken?.(unusable(options.path, damage)),
  );
  const counts = await queries.row(
    'SELECT domains, pages, links FROM generator',
    {},
    z.object({ domains: z.coerce.number(), pages: z.coerce.number(), links: z.coerce.number() }),
  );
  if (counts === null) throw new Error('the graph has no counts');
  const close = () => {
    for (const connection of connections) connection.closeSync();
    instance.closeSync();
  };
  return { ...queries, counts, close };
}
