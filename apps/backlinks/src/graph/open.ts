import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { generateGraph } from './generate.js';
import { createQueries, type Queries } from './queries.js';
import { fingerprintOf, type GraphCounts, type GraphSettings } from './settings.js';

export interface Graph extends Queries {
  readonly counts: GraphCounts;
  close(): void;
}

interface OpenOptions {
  /** A DuckDB file, or `:memory:`. */
  readonly path: string;
  /** DuckDB's `memory_limit`, such as `2GB`. */
  readonly memory: string;
  readonly settings: GraphSettings;
}

/** DuckDB runs each query on all cores; a few connections keep them busy while answers are written. */
const CONNECTIONS = 4;

/** An unfinished file that nobody has written to for so long was left by a process that died. */
const ABANDONED_MS = 600_000;

/**
 * Opens the graph, making it first where the file is missing or was made from other settings. The file appears whole
 * or not at all. Throws where the file exists and holds something else.
 */
export async function openGraph(options: OpenOptions): Promise<Graph> {
  if (options.path === ':memory:') {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: options.memory });
    await generateInto(instance, options.settings);
    return graphOn(instance);
  }
  if (!(await isCurrent(options))) await makeFile(options);
  return graphOn(await DuckDBInstance.create(options.path, { memory_limit: options.memory, access_mode: 'READ_ONLY' }));
}

async function graphOn(instance: DuckDBInstance): Promise<Graph> {
  const connections: DuckDBConnection[] = [];
  for (let i = 0; i < CONNECTIONS; i++) connections.push(await instance.connect());
  const queries = createQueries(connections);
  const counts = await queries.row(
    `SELECT (SELECT count(*) FROM domains) AS domains, (SELECT count(*) FROM pages) AS pages,
       (SELECT count(*) FROM links WHERE via_page IS NULL) AS links`,
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

async function isCurrent({ path, settings }: OpenOptions): Promise<boolean> {
  if (!existsSync(path)) return false;
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  try {
    const { row } = createQueries([connection]);
    const made = await row('SELECT fingerprint FROM generator', {}, z.object({ fingerprint: z.string() }));
    return made?.fingerprint === fingerprintOf(settings);
  } catch (error) {
    throw new Error(`${path} is not a graph of this program; name another file, or move this one away`, {
      cause: error,
    });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function makeFile({ path, memory, settings }: OpenOptions): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(path);
  const unfinished = `${path}.making-${randomUUID()}`;
  try {
    const instance = await DuckDBInstance.create(unfinished, { memory_limit: memory });
    try {
      await generateInto(instance, settings);
    } finally {
      instance.closeSync();
    }
    await rename(unfinished, path);
  } finally {
    for (const rest of [unfinished, `${unfinished}.wal`, `${unfinished}.tmp`]) {
      await rm(rest, { force: true, recursive: true });
    }
  }
}

async function generateInto(instance: DuckDBInstance, settings: GraphSettings): Promise<void> {
  const connection = await instance.connect();
  try {
    await generateGraph(connection, settings);
    // Without it the rows may still stand in the log beside the file when the file is renamed.
    await connection.run('CHECKPOINT');
  } finally {
    connection.closeSync();
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const prefix = `${basename(path)}.making-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const file = join(dirname(path), name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(file, { force: true, recursive: true });
  }
}
