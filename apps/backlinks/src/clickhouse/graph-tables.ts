import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { z } from 'zod';
import { type FileOptions, meansOf, unusable } from '../graph/graph-file.js';
import { readMark } from '../graph/mark.js';
import { GRAPH_VERSION } from '../graph/settings.js';

/** Does some work on the tables of a graph's file. Throws GraphFileError if the file is no graph of this version. */
export async function withGraphTables<T>(
  file: FileOptions,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(file.path, { ...meansOf(file), access_mode: 'READ_ONLY' }).catch(
    (error: unknown) => {
      throw unusable(file, error);
    },
  );
  try {
    const connection = await instance.connect();
    await expectCurrent(connection).catch((error: unknown) => {
      throw unusable(file, error);
    });
    return await work(connection);
  } finally {
    instance.closeSync();
  }
}

async function expectCurrent(connection: DuckDBConnection): Promise<void> {
  const { missing, version } = await readMark(connection);
  if (missing.length > 0) throw new Error(`it lacks the table ${missing[0]}`);
  if (version !== GRAPH_VERSION) throw new Error('another version of this program made it');
}

const counted = z.tuple([z.object({ rows: z.number() })]);

export async function rowsIn(connection: DuckDBConnection, table: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE AS rows FROM ${table}`);
  const [{ rows }] = counted.parse(reader.getRowObjectsJS());
  return rows;
}

/** Writes some rows of a table as Parquet. The mark also says what no links have as their spam score, a macro of each graph. */
export async function writeRows(
  connection: DuckDBConnection,
  { table, first, end }: { readonly table: string; readonly first: number; readonly end: number },
  path: string,
): Promise<void> {
  const more = table === 'generator' ? ', spam_of_nothing()::TINYINT AS spam_of_nothing' : '';
  await connection.run(
    `COPY (SELECT *${more} FROM ${table} WHERE rowid >= ${first} AND rowid < ${end})
       TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`,
  );
}
