import type { ClickHouseClient } from '@clickhouse/client';
import type { Address } from './address.js';

/** With these, nulls and names are what they are in standard SQL. */
const STANDARD = {
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  prefer_column_name_to_alias: 1,
  joined_subquery_requires_alias: 0,
  session_timezone: 'UTC',
  // A part of a query that is used twice runs once.
  enable_materialized_cte: 1,
  // The answer comes when it is whole, so that an error has its status.
  wait_end_of_query: 1,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_escape_forward_slashes: 0,
} as const;

const MARGIN_MS = 5000;

/** Connects when the first query is run. The library is loaded only here: no process without ClickHouse pays for it. */
export async function clientOf(
  { url, username, password }: Address,
  { database, maxMs }: { readonly database: string | null; readonly maxMs: number },
): Promise<ClickHouseClient> {
  const { createClient, ClickHouseLogLevel } = await import('@clickhouse/client');
  return createClient({
    url,
    username,
    password,
    ...(database === null ? {} : { database }),
    application: 'linkhaul',
    request_timeout: maxMs + MARGIN_MS,
    use_multipart_params_auto: true,
    clickhouse_settings: { ...STANDARD, max_execution_time: Math.ceil(maxMs / 1000) },
    log: { level: ClickHouseLogLevel.OFF },
  });
}
