import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { createPool, type Pool } from './pool.js';
import { type Params, statementsOn } from './statements.js';

export interface Queries {
  /** All rows, each parsed by the schema. */
  rows<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S>[]>;
  /** The first row, or null. */
  row<S extends z.ZodType>(sql: string, params: Params, schema: S): Promise<z.output<S> | null>;
}

/** `slow` runs queries that a request can make arbitrarily slow. They never take all connections. */
export interface Lanes extends Queries {
  readonly slow: Queries;
}

/** How many connections slow queries can take. */
const SLOW_SHARE = 0.5;

/**
 * Runs queries on the connections, one at a time on each, in order of arrival. A query that has not ended after
 * `maxMs`, including the time it waited for a connection, throws QueryTimeout.
 */
export function createQueries(connections: readonly DuckDBConnection[], maxMs: number): Lanes {
  const free = createPool(connections.map(statementsOn));
  const read = async (sql: string, params: Params, endAt: number): Promise<unknown[]> => {
    const statements = await free.take(endAt - performance.now());
    try {
      return await statements.run(sql, params, endAt - performance.now());
    } finally {
      free.giveBack(statements);
    }
  };
  const slow = createPool(Array.from({ length: Math.max(1, connections.length * SLOW_SHARE) }, (_, place) => place));
  return {
    ...queriesBy((sql, params) => read(sql, params, performance.now() + maxMs)),
    slow: queriesBy((sql, params) => inTurn(slow, maxMs, (endAt) => read(sql, params, endAt))),
  };
}

async function inTurn<T>(places: Pool<number>, maxMs: number, run: (endAt: number) => Promise<T>): Promise<T> {
  const endAt = performance.now() + maxMs;
  const place = await places.take(maxMs);
  try {
    return await run(endAt);
  } finally {
    places.giveBack(place);
  }
}

function queriesBy(read: (sql: string, params: Params) => Promise<unknown[]>): Queries {
  return {
    rows: async (sql, params, schema) => z.array(schema).parse(await read(sql, params)),
    row: async (sql, params, schema) => {
      const [first] = await read(sql, params);
      return first === undefined ? null : schema.parse(first);
    },
  };
}
