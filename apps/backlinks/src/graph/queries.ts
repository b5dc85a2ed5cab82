import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { type Params, type Statements, statementsOn } from './statements.js';

export interface Queries {
  /** Every row, each parsed by the schema. */
  rows<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S>[]>;
  /** The first row, or null. */
  row<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S> | null>;
}

/** Runs queries on the connections, one at a time on each, the longest waiting first; none for more than `maxMs`. */
export function createQueries(connections: readonly DuckDBConnection[], maxMs: number): Queries {
  const free = connections.map((connection) => statementsOn(connection, maxMs));
  const waiting: ((connection: Statements) => void)[] = [];

  const take = async (): Promise<Statements> =>
    free.pop() ?? (await new Promise<Statements>((resolve) => waiting.push(resolve)));
  const giveBack = (connection: Statements) => {
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
