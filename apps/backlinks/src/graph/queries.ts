import {
  BOOLEAN,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
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
  const free = connections.map(withPrepared);
  const waiting: ((connection: Preparing) => void)[] = [];

  const take = async (): Promise<Preparing> =>
    free.pop() ?? (await new Promise<Preparing>((resolve) => waiting.push(resolve)));
  const giveBack = (connection: Preparing) => {
    const next = waiting.shift();
    if (next) next(connection);
    else free.push(connection);
  };

  const read = async (sql: string, params: Params): Promise<unknown[]> => {
    const connection = await take();
    try {
      const { values, types } = bound(params);
      const statement = await connection.prepared(sql);
      statement.bind(values, types);
      const reader = await statement.runAndReadAll();
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

interface Preparing {
  prepared(sql: string): Promise<DuckDBPreparedStatement>;
}

/** Sorting rules make many texts of one query: the oldest is given up. */
const MAX_PREPARED = 64;

/** Keeps a connection's statements: planning a query of many parts takes longer than running it on few rows. */
function withPrepared(connection: DuckDBConnection): Preparing {
  const statements = new Map<string, DuckDBPreparedStatement>();
  return {
    prepared: async (sql) => {
      const known = statements.get(sql);
      if (known) return known;
      const made = await connection.prepare(sql);
      const [oldest] = statements;
      if (oldest && statements.size >= MAX_PREPARED) {
        statements.delete(oldest[0]);
        oldest[1].destroySync();
      }
      statements.set(sql, made);
      return made;
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
