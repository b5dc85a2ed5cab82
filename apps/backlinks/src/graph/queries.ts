import {
  BOOLEAN,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api';
import { z } from 'zod';

/** Values bound by name; SQL text is made of checked names only. Numbers are whole and below 2^31. */
export type Params = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Queries {
  /** Every row, each parsed by the schema. */
  rows<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S>[]>;
  /** The first row, or null. */
  row<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S> | null>;
}

/** Runs queries on the connections, one at a time on each, the longest waiting first. */
export function createQueries(connections: readonly DuckDBConnection[]): Queries {
  const free = [...connections];
  const waiting: ((connection: DuckDBConnection) => void)[] = [];

  const take = async (): Promise<DuckDBConnection> =>
    free.pop() ?? (await new Promise<DuckDBConnection>((resolve) => waiting.push(resolve)));
  const giveBack = (connection: DuckDBConnection) => {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  };

  const read = async (sql: string, params: Params): Promise<unknown[]> => {
    const connection = await take();
    try {
      const { values, types } = bound(params);
      const reader = await connection.runAndReadAll(sql, values, types);
      return reader.getRowObjectsJS();
    } finally {
      giveBack(connection);
    }
  };
  return {
    rows: async (sql, params, schema) => z.array(schema).parse(await read(sql, params)),
    row: async (sql, params, schema) => {
      const [first] = await read(sql, params);
      return first === undefined ? null : schema.parse(first);
    },
  };
}

/** Types are said, not guessed: the type of an empty list cannot be told from its values. */
function bound(params: Params): { values: Record<string, DuckDBValue>; types: Record<string, DuckDBType> } {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(params)) {
    const isList = typeof value === 'object';
    values[name] = isList ? listValue(value) : value;
    types[name] = isList ? LIST(VARCHAR) : scalarType(value);
  }
  return { values, types };
}

function scalarType(value: string | number | boolean): DuckDBType {
  if (typeof value === 'string') return VARCHAR;
  return typeof value === 'number' ? INTEGER : BOOLEAN;
}
