import type { Lanes, Queries } from './queries.js';

/**
 * DuckDB's messages for a damaged file, and after an error that makes its instance unusable. DuckDB checks a block when
 * it first reads the block; checking all blocks at the start would take as long as reading the file.
 */
const DAMAGE = /^(IO Error: (Corrupt|Could not read)|Serialization Error|FATAL Error)/;

/** Wraps the queries: calls `onDamage` before it rejects a query that failed because the file is damaged. */
export function watchDamage(queries: Lanes, onDamage: (damage: Error) => void): Lanes {
  const watch = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof Error && DAMAGE.test(error.message)) onDamage(error);
      throw error;
    }
  };
  const watched = ({ rows, row }: Queries): Queries => ({
    rows: (sql, params, schema) => watch(rows(sql, params, schema)),
    row: (sql, params, schema) => watch(row(sql, params, schema)),
  });
  return { ...watched(queries), slow: watched(queries.slow) };
}
