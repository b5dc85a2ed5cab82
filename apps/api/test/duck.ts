import { DuckDBInstance } from '@duckdb/node-api';

export type DuckRow = Record<string, unknown>;

/** Asks DuckDB as a user's warehouse would be asked; nothing of it stays. */
export async function askDuck(sql: string): Promise<DuckRow[]> {
  const duck = await DuckDBInstance.create(':memory:');
  const connection = await duck.connect();
  try {
    let rows: DuckRow[] = [];
    for (const statement of sql.split(/;\s*$/m).filter((text) => text.trim() !== '')) {
      rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
    }
    return rows;
  } finally {
    connection.closeSync();
    duck.closeSync();
  }
}
