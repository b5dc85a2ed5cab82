import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { generateInto, isCurrent, type MakeOptions, makeFile, meansOf } from './graph-file.js';
import { createQueries, type Lanes } from './queries.js';
import type { GraphCounts } from './settings.js';

export interface Graph extends Lanes {
  readonly counts: GraphCounts;
  close(): void;
}

interface OpenOptions extends MakeOptions {
  /** How long one query may run, in milliseconds; a longer one throws QueryTimeout. */
  readonly queryTimeoutMs: number;
}

/** DuckDB runs each query on all cores; a few connections keep them busy while answers are written. */
const CONNECTIONS = 4;

/**
 * Opens the graph, making it first where the file is missing or was made from other settings. Throws GraphFileError
 * where the file holds something else or cannot be made.
 */
export async function openGraph(options: OpenOptions): Promise<Graph> {
  if (options.path === ':memory:') {
    const instance = await DuckDBInstance.create(':memory:', meansOf(options));
    await generateInto(instance, options.settings);
    return graphOn(instance, options);
  }
  if (!(await isCurrent(options))) await makeFile(options);
  return graphOn(await DuckDBInstance.create(options.path, { ...meansOf(options), access_mode: 'READ_ONLY' }), options);
}

async function graphOn(instance: DuckDBInstance, { queryTimeoutMs }: OpenOptions): Promise<Graph> {
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < CONNECTIONS; i++) connections.push(await instance.connect());
  const queries = createQueries(connections, queryTimeoutMs);
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
