import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';

/** A table of the graph, in ClickHouse. */
export interface TableDdl {
  readonly name: string;
  readonly create: string;
}

interface Layout {
  /** The columns that the rows are sorted by, which are never null. */
  readonly order: readonly string[];
  /** Columns whose values are near one another where the order is: their extremes tell what to skip. */
  readonly near?: readonly string[];
  /** How many rows are read for one that is looked up. Default: 8192. */
  readonly granularity?: number;
}

/** How the tables of a graph lie. Links and pages of a domain are neighbours, and summaries are looked up by the hash of their key. */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  links: { order: ['target_domain', 'target_host', 'target_page', 'link_id'], near: ['target_host', 'target_page'] },
  pages: { order: ['page_id'], near: ['host_id', 'domain_id'] },
  hosts: { order: ['host_id'], near: ['domain_id'] },
  domains: { order: ['domain_id'] },
  host_tree: { order: ['ancestor_id', 'host_id'] },
  attribute_sets: { order: ['set_id'] },
  platform_sets: { order: ['set_id'] },
  page_summaries: { order: ['key_hash', 'key'], granularity: 256 },
  host_summaries: { order: ['key_hash', 'key'], granularity: 256 },
  tree_summaries: { order: ['key_hash', 'key'], granularity: 256 },
  tier_domains: { order: ['key_hash', 'domain'], near: ['domain_id'], granularity: 256 },
  tier_edges: { order: ['target', 'source'] },
  generator: { order: [] },
};

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'Bool',
  TINYINT: 'Int8',
  SMALLINT: 'Int16',
  INTEGER: 'Int32',
  BIGINT: 'Int64',
  UBIGINT: 'UInt64',
  VARCHAR: 'String',
  TIMESTAMP: "DateTime64(6, 'UTC')",
  'VARCHAR[]': 'Array(String)',
};

const column = z.object({ table: z.string(), name: z.string(), type: z.string() });

type Column = z.output<typeof column>;

const COLUMNS = `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
  WHERE table_catalog = current_database() AND table_schema = 'main' ORDER BY table_name, ordinal_position`;

/** The tables of an open graph. The one with the mark comes last: while it is empty, the graph is not whole. */
export async function ddlOf(connection: DuckDBConnection): Promise<TableDdl[]> {
  const reader = await connection.runAndReadAll(COLUMNS);
  const columns = z.array(column).parse(reader.getRowObjectsJS());
  return Object.entries(LAYOUTS).flatMap(([name, layout]) => {
    const own = columns.filter(({ table }) => table === name);
    return own.length === 0 ? [] : [{ name, create: createTable(name, layout, own) }];
  });
}

function createTable(name: string, { order, near = [], granularity }: Layout, columns: readonly Column[]): string {
  const lines = [
    ...columns.map(({ name: column, type }) => `  ${column} ${typeOf(type, order.includes(column))}`),
    ...(name === 'generator' ? [`  spam_of_nothing Nullable(Int8)`] : []),
    ...near.map((column) => `  INDEX by_${column} ${column} TYPE minmax`),
  ];
  const settings = granularity === undefined ? '' : ` SETTINGS index_granularity = ${granularity}`;
  return `CREATE TABLE IF NOT EXISTS ${name} (\n${lines.join(',\n')}\n) ENGINE = MergeTree ORDER BY (${order.join(', ')})${settings}`;
}

/** Lists are never null in ClickHouse: a list that is null becomes an empty one. */
function typeOf(type: string, isKey: boolean): string {
  const known = TYPES[type];
  if (known === undefined) throw new Error(`ClickHouse has no type for ${type}`);
  return isKey || known.startsWith('Array') ? known : `Nullable(${known})`;
}
