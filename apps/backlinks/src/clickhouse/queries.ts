import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import type { Queries } from '../graph/queries.js';
import { InvalidInput, type Params, QueryTimeout } from '../graph/statements.js';
import { codeOf } from './engine-error.js';
import { clickHouseQuery } from './sql.js';

const TIMEOUT_EXCEEDED = '159';
const CANNOT_COMPILE_REGEXP = '427';

/** Runs queries that both engines read. `functions` are what they call, as lambdas by name. */
export function queriesOn(client: ClickHouseClient, functions: ReadonlyMap<string, string>): Queries {
  const read = async (sql: string, values: Params): Promise<unknown[]> => {
    const { sql: query, params } = clickHouseQuery(sql, values, functions);
    try {
      const result = await client.query({ query, query_params: params, format: 'JSONEachRow' });
      return await result.json();
    } catch (error) {
      throw meaningOf(error);
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

function meaningOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === TIMEOUT_EXCEEDED || error.message === 'Timeout error.') {
    return new QueryTimeout('ClickHouse gave up', { cause: error });
  }
  return code === CANNOT_COMPILE_REGEXP ? new InvalidInput(error.message, { cause: error }) : error;
}
