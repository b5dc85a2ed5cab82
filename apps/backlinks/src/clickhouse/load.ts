import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileOptions } from '../graph/graph-file.js';
import type { Address } from './address.js';
import { clientOf } from './connect.js';
import { ddlOf, type TableDdl } from './ddl.js';
import { EngineError, engineError } from './engine-error.js';
import { rowsIn, withGraphTables, writeRows } from './graph-tables.js';

interface LoadOptions {
  readonly signal: AbortSignal;
  /** Called when the rows of a table begin to be loaded. */
  readonly onTable: (table: string, rows: number) => void;
}

/** How many rows are written and sent at a time. */
const ROWS_AT_ONCE = 1_000_000;

/** How long one of these may take. */
const MAX_MS = 3_600_000;

/**
 * Loads all tables of a graph's file into a database, which it makes if it is not there. The mark comes last, so that nothing is
 * served from a part of a graph. What was loaded is removed again if anything fails. Throws GraphFileError or EngineError.
 */
export async function loadGraph(file: FileOptions, address: Address, options: LoadOptions): Promise<void> {
  await withGraphTables(file, async (connection) => {
    const tables = await ddlOf(connection);
    await makeDatabase(address);
    const client = await clientOf(address, { database: address.database, maxMs: MAX_MS });
    const folder = await mkdtemp(join(tmpdir(), 'linkhaul-export-'));
    try {
      await makeTables(client, tables, address);
      await fill(client, tables, { connection, folder, options });
    } catch (error) {
      options.signal.throwIfAborted();
      throw error instanceof EngineError ? error : engineError(error, address);
    } finally {
      await rm(folder, { recursive: true });
      await client.close();
    }
  });
}

async function makeDatabase(address: Address): Promise<void> {
  const client = await clientOf(address, { database: null, maxMs: MAX_MS });
  const { database } = address;
  try {
    const found = await client.query({
      query: 'SELECT name FROM system.databases WHERE name = {database:String}',
      query_params: { database },
      format: 'JSONEachRow',
    });
    const [known] = await found.json();
    if (known === undefined) await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`` });
  } catch (error) {
    throw engineError(error, address);
  } finally {
    await client.close();
  }
}

/** Tables that are there already, made by the printed DDL and changed perhaps, are filled if they are empty. */
async function makeTables(client: ClickHouseClient, tables: readonly TableDdl[], address: Address): Promise<void> {
  for (const { create } of tables) await client.command({ query: create });
  for (const { name } of tables) {
    const result = await client.query({ query: `SELECT 1 FROM ${name} LIMIT 1`, format: 'JSONEachRow' });
    const [row] = await result.json();
    if (row === undefined) continue;
    const { database, url } = address;
    throw new EngineError(
      `the table ${name} of the database ${database} at ${new URL(url).host} has rows already: name another database, or drop this one`,
    );
  }
}

interface Filling {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  readonly options: LoadOptions;
}

async function fill(client: ClickHouseClient, tables: readonly TableDdl[], filling: Filling): Promise<void> {
  try {
    for (const { name } of tables) await fillTable(client, name, filling);
  } catch (error) {
    for (const { name } of tables) await client.command({ query: `TRUNCATE TABLE ${name}` }).catch(() => {});
    throw error;
  }
}

async function fillTable(
  client: ClickHouseClient,
  table: string,
  { connection, folder, options: { signal, onTable } }: Filling,
): Promise<void> {
  const rows = await rowsIn(connection, table);
  onTable(table, rows);
  const path = join(folder, `${table}.parquet`);
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    signal.throwIfAborted();
    await writeRows(connection, { table, first, end: first + ROWS_AT_ONCE }, path);
    await client.insert({ table, values: createReadStream(path), format: 'Parquet', abort_signal: signal });
  }
}
