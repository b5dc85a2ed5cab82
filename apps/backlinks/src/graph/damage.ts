import type { Lanes, Queries } from './queries.js';

/**
 * What DuckDB says when the file's bytes are not those that were written, and after an error that it does not survive.
 * It checks a block when it first reads it: to check all of them at the start would take as long as reading the file.
 */
const DAMAGE = /^(IO Error: (Corrupt|Could not read)|Serialization Error|FATAL Error)/;

/** The same queries; `onDamage` learns of each that fails for the file's sake, before its caller does. */
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
