import {
  BOOLEAN,
  DOUBLE,
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  UBIGINT,
  VARCHAR,
} from '@duckdb/node-api';
import { z } from 'zod';

/** A number is bound as DOUBLE, a bigint as UBIGINT: nothing here is negative and whole. */
export type Param = string | number | bigint | boolean | readonly string[] | readonly number[] | readonly bigint[];

/** Values bound by name; SQL text is made of checked names only. */
export type Params = Readonly<Record<string, Param>>;

/** A query ran longer than it may, and was given up. */
export class QueryTimeout extends Error {}

export interface Queries {
  /** Every row, each parsed by the schema. */
  rows<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S>[]>;
  /** The first row, or null. */
  row<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S> | null>;
}

/** Runs queries on the connections, one at a time on each, the longest waiting first; none for more than `maxMs`. */
export function createQueries(connections: readonly DuckDBConnection[], maxMs: number): Queries {
  const free = connections.map((connection) => withPrepared(connection, maxMs));
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
      return await connection.run(sql, params);
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

/** The same queries, but no more than `places` of those that come this way at a time; the others wait. */
export function inLane(queries: Queries, places: number): Queries {
  let free = places;
  const waiting: (() => void)[] = [];
  const run = async <T>(query: () => Promise<T>): Promise<T> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await query();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
  return {
    rows: (sql, params, schema) => run(() => queries.rows(sql, params, schema)),
    row: (sql, params, schema) => run(() => queries.row(sql, params, schema)),
  };
}

interface Preparing {
  /** Throws QueryTimeout for a query that took longer than it may. */
  run(sql: string, params: Params): Promise<unknown[]>;
}

/** Sorting rules and filters make many texts of one query: the oldest is given up. */
const MAX_PREPARED = 64;
const INTERRUPT_AGAIN_MS = 50;

/** Keeps a connection's statements: planning a query of many parts takes longer than running it on few rows. */
function withPrepared(connection: DuckDBConnection, maxMs: number): Preparing {
  const statements = new Map<string, DuckDBPreparedStatement>();
  const prepared = async (sql: string) => {
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
  };
  return {
    run: async (sql, params) => {
      const { values, types } = bound(params);
      const statement = await prepared(sql);
      statement.bind(values, types);
      let late = false;
      // Again and again: an interrupt that comes just before the query begins is lost.
      const giveUp = () => {
        late = true;
        connection.interrupt();
        timer = setTimeout(giveUp, INTERRUPT_AGAIN_MS);
      };
      let timer = setTimeout(giveUp, maxMs);
      try {
        const reader = await statement.runAndReadAll();
        if (!late) return reader.getRowObjectsJS();
      } catch (error) {
        if (!late) throw error;
      } finally {
        clearTimeout(timer);
      }
      throw new QueryTimeout(`gave up after ${maxMs} ms`);
    },
  };
}

/** Types are said, not guessed: the type of an empty list cannot be told from its values. */
function bound(params: Params): { values: Record<string, DuckDBValue>; types: Record<string, DuckDBType> } {
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === 'object') {
      values[name] = listValue([...value]);
      types[name] = LIST(scalarType(value[0] ?? ''));
    } else {
      values[name] = value;
      types[name] = scalarType(value);
    }
  }
  return { values, types };
}

function scalarType(value: string | number | bigint | boolean): DuckDBType {
  switch (typeof value) {
    case 'string':
      return VARCHAR;
    case 'number':
      return DOUBLE;
    case 'bigint':
      return UBIGINT;
    default:
      return BOOLEAN;
  }
}
