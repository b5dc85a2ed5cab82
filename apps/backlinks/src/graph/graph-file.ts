import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { generateGraph } from './generate.js';
import { fingerprintOf, type GraphSettings } from './settings.js';

/** The file cannot serve as the graph, and was left as it was. The message says so in one sentence. */
export class GraphFileError extends Error {}

/** Where a graph is made, and with what means; these decide nothing about its rows. */
export interface MakeOptions {
  /** A DuckDB file, or `:memory:`. */
  readonly path: string;
  /** DuckDB's `memory_limit`, such as `2GB`. */
  readonly memory: string;
  /** Threads of DuckDB's own; all cores where it is not said. */
  readonly threads?: number;
  readonly settings: GraphSettings;
}

/** An unfinished file that nobody has written to for so long was left by a process that died. */
const ABANDONED_MS = 3_600_000;

/** DuckDB's settings for an instance. */
export function meansOf({ memory, threads }: MakeOptions): Record<string, string> {
  return { memory_limit: memory, ...(threads === undefined ? {} : { threads: String(threads) }) };
}

/**
 * Whether the file holds the graph of these settings: false where it is missing or was made from others. Throws
 * GraphFileError where it holds something else or cannot be read.
 */
export async function isCurrent({ path, settings }: MakeOptions): Promise<boolean> {
  if (!existsSync(path)) return false;
  try {
    return (await readFingerprint(path)) === fingerprintOf(settings);
  } catch (error) {
    const advice = 'set BACKLINKS_DATA to another file, or move this one away';
    throw new GraphFileError(`${path} is not a graph of this program (${reasonOf(error)}); ${advice}`, {
      cause: error,
    });
  }
}

async function readFingerprint(path: string): Promise<string> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  try {
    const reader = await withConnection(instance, (connection) =>
      connection.runAndReadAll('SELECT fingerprint FROM generator'),
    );
    const [made] = z.array(z.object({ fingerprint: z.string() })).parse(reader.getRowObjectsJS());
    if (made === undefined) throw new Error('its table `generator` is empty');
    return made.fingerprint;
  } finally {
    instance.closeSync();
  }
}

/**
 * Makes the graph's file, in place of an older one. It appears whole or not at all; of two processes that make the
 * same one, the last puts its own in the place of the equal one. Throws GraphFileError where it cannot be made.
 */
export async function makeFile(options: MakeOptions): Promise<void> {
  try {
    await mkdir(dirname(options.path), { recursive: true });
    await removeAbandoned(options.path);
    await makeBeside(options);
  } catch (error) {
    const advice = 'set BACKLINKS_DATA to a file that can be written, with room for it';
    throw new GraphFileError(`${options.path} could not be made (${reasonOf(error)}); ${advice}`, { cause: error });
  }
}

async function makeBeside(options: MakeOptions): Promise<void> {
  const unfinished = `${options.path}.making-${randomUUID()}`;
  try {
    const instance = await DuckDBInstance.create(unfinished, meansOf(options));
    try {
      await generateInto(instance, options.settings);
      // Without it the rows may still stand in the log beside the file when the file is renamed.
      await withConnection(instance, (connection) => connection.run('CHECKPOINT'));
    } finally {
      instance.closeSync();
    }
    await rename(unfinished, options.path);
  } finally {
    for (const rest of [unfinished, `${unfinished}.wal`, `${unfinished}.tmp`]) {
      await rm(rest, { force: true, recursive: true });
    }
  }
}

/** Fills an empty instance. */
export async function generateInto(instance: DuckDBInstance, settings: GraphSettings): Promise<void> {
  await withConnection(instance, (connection) => generateGraph(connection, settings));
}

async function withConnection<T>(
  instance: DuckDBInstance,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function removeAbandoned(path: string): Promise<void> {
  const prefix = `${basename(path)}.making-`;
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const file = join(dirname(path), name);
    // Another process may take its own away meanwhile.
    const found = await stat(file).catch(() => null);
    if (found && Date.now() - found.mtimeMs > ABANDONED_MS) await rm(file, { force: true, recursive: true });
  }
}

/** The first line of what DuckDB or the file system says. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
