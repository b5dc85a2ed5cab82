import type { DuckDBConnection } from '@duckdb/node-api';
import { PART_COLUMNS, type PartKind } from '../part.js';
import { type Part, rowsOf } from '../part-files.js';

/** A text as SQL. */
function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Makes the rows of some parts readable, as `part_links` and so on. `part` numbers the parts of links. */
export async function createPartViews(
  connection: DuckDBConnection,
  { folder, parts }: { folder: string; parts: readonly Part[] },
): Promise<void> {
  const view = async (kind: PartKind, numbered: boolean) => {
    const paths = await rowsOf(folder, kind, parts);
    const columns = Object.entries(PART_COLUMNS[kind]);
    const rows =
      paths.length === 0
        ? `SELECT ${columns.map(([column, type]) => `NULL::${type} AS ${column}`).join(', ')}
             ${numbered ? ', 0::UBIGINT AS part' : ''} FROM range(0)`
        : `SELECT ${columns.map(([column]) => column).join(', ')} ${numbered ? ', file_index AS part' : ''}
             FROM read_parquet([${paths.map(sqlText).join(', ')}])`;
    await connection.run(`CREATE TEMP VIEW part_${kind} AS ${rows}`);
  };
  await view('links', true);
  for (const kind of ['pages', 'edges', 'ranks'] as const) await view(kind, false);
}
