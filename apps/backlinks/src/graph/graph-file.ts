import { rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { OnStep } from './making.js';
import { readMark } from './mark.js';
import { fingerprintOf, GRAPH_VERSION, type GraphSettings } from './settings.js';
import { makeFolder, removeAbandoned, withUnfinished } from './unfinished.js';

/** The file cannot be used as the graph and was not changed. The message explains why in one sentence. */
export class GraphFileError extends Error {}

/** Where and with which resources a graph is made. */
export interface FileOptions {
  /** A DuckDB file, or `:memory:`. */
  readonly path: string;
  /** DuckDB's `memory_limit`, such as `2GB`. */
  readonly memory: string;
  /** DuckDB's threads. Default: all cores. */
  readonly threads?: number;
  /** What the user sets to name another file, or to give more memory. */
  readonly named: { readonly file: string; readonly memory: string };
  /** Aborting stops the making and removes the unfinished file. */
  readonly signal?: AbortSignal;
  /** Called when a step begins; not called if the graph exists. */
  readonly onStep?: OnStep;
}

/** Fills an empty database with a graph. */
export type Fill = (connection: DuckDBConnection, onStep: OnStep) => Promise<void>;

const INTERRUPT_AGAIN_MS = 50;

/** DuckDB's settings for an instance. */
export function meansOf({ memory, threads }: FileOptions): Record<string, string> {
  return { memory_limit: memory, ...(threads === undefined ? {} : { threads: String(threads) }) };
}

/**
 * Whether the file holds the graph to serve: one of these settings, or one that was imported, whatever the settings. False if it
 * is missing or certainly a generated graph of other settings. Throws GraphFileError if it may hold anything else or cannot be read.
 */
export async function isCurrent(options: FileOptions, settings: GraphSettings): Promise<boolean> {
  try {
    const mark = await findMark(options.path);
    if (mark === null) return false;
    if (mark.missing.length > 0) throw new Error(`it lacks the table ${mark.missing[0]}`);
    if (mark.origin.sources.length > 0) {
      if (mark.version === GRAPH_VERSION) return true;
      throw new Error('another version of this program built it: build it from its parts again');
    }
    if (mark.fingerprint === fingerprintOf(settings)) return true;
    refuseForeign(mark);
    return false;
  } catch (error) {
    throw unusable(options, error);
  }
}

/** Throws GraphFileError if the file exists and is not a graph of this program. */
export async function expectReplaceable(options: FileOptions): Promise<void> {
  try {
    const mark = await findMark(options.path);
    if (mark !== null) refuseForeign(mark);
  } catch (error) {
    throw unusable(options, error);
  }
}

function refuseForeign({ foreign }: { foreign: readonly string[] }): void {
  if (foreign.length > 0) throw new Error(`this program did not make its table ${foreign[0]}`);
}

/** Null if there is no file. */
async function findMark(path: string) {
  const found = await stat(path).catch(unlessMissing);
  if (found === null) return null;
  if (!found.isFile()) throw new Error('it is not a file');
  return readMarkOf(path);
}

/** The error for an existing file that cannot be used. */
export function unusable({ path, named }: FileOptions, cause: unknown): GraphFileError {
  const advice = adviceOn(cause, named) ?? `set ${named.file} to another file, or move this one away`;
  return new GraphFileError(`${path} cannot serve as the graph (${reasonOf(cause)}); ${advice}`, { cause });
}

function unlessMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

async function readMarkOf(path: string) {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  try {
    return await withConnection(instance, readMark);
  } finally {
    instance.closeSync();
  }
}

/**
 * Makes the graph's file and replaces an older one. The file appears whole or not at all. If two processes make the
 * same graph, the later one replaces the equal file of the other. Throws GraphFileError if the file cannot be made.
 */
export async function makeFile(options: FileOptions, fill: Fill): Promise<void> {
  try {
    await makeFolder(dirname(options.path));
    await removeAbandoned(options.path);
    await withUnfinished(options.path, (unfinished) => makeBeside(options, unfinished, fill));
  } catch (error) {
    throw notMade(options, error);
  }
}

/** The error for a graph that could not be made. After an abort the cause is returned unchanged. */
export function notMade({ path, named, signal }: FileOptions, cause: unknown): unknown {
  if (signal?.aborted) return cause;
  const advice = adviceOn(cause, named) ?? `set ${named.file} to a file that can be written, with room for it`;
  return new GraphFileError(`${path} could not be made (${reasonOf(cause)}); ${advice}`, { cause });
}

async function makeBeside(options: FileOptions, unfinished: string, fill: Fill): Promise<void> {
  const instance = await DuckDBInstance.create(unfinished, meansOf(options));
  try {
    await fillInstance(instance, options, fill);
    // Without a checkpoint, rows may still be in the write-ahead log next to the file, which the rename does not move.
    await withConnection(instance, (connection) => connection.run('CHECKPOINT'));
  } finally {
    instance.closeSync();
  }
  await rename(unfinished, options.path);
}

/** Fills an empty instance. */
export async function fillInstance(
  instance: DuckDBInstance,
  { signal, onStep }: FileOptions,
  fill: Fill,
): Promise<void> {
  await withConnection(instance, async (connection) => {
    // Repeated, because an interrupt between two statements is lost.
    const timer = setInterval(() => signal?.aborted && connection.interrupt(), INTERRUPT_AGAIN_MS);
    try {
      await fill(connection, (step) => {
        onStep?.(step);
        signal?.throwIfAborted();
      });
      signal?.throwIfAborted();
    } finally {
      clearInterval(timer);
    }
  });
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

/** Advice if neither the file nor its folder is the cause. DuckDB reports a full disk as lack of memory, too. */
function adviceOn(error: unknown, named: FileOptions['named']): string | null {
  const reason = reasonOf(error);
  const isMemory = /^Out of Memory Error|^Failed to set config/.test(reason) && !reason.includes('offload');
  return isMemory ? `set ${named.memory} to what the graph needs and the machine has, such as 2GB` : null;
}

/** The first line of the message of DuckDB or the file system. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
