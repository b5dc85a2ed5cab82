import type { DuckDBConnection } from '@duckdb/node-api';
import { type GraphOrigin, graphOrigin } from '@linkhaul/schemas';
import { z } from 'zod';
import { GENERATED } from './origin.js';
import { GRAPH_VERSION, type GraphCounts, graphCounts } from './settings.js';

/** The mark in a graph's file, compared with the tables in the file. */
interface Mark {
  readonly fingerprint: string;
  readonly version: number | null;
  readonly origin: GraphOrigin;
  /** Tables that the mark names and the file lacks. */
  readonly missing: readonly string[];
  /** Tables that this program did not make. */
  readonly foreign: readonly string[];
}

const MADE_BY = 'linkhaul backlinks';

/** Graphs of versions 1 and 2 are generated, and do not say so. Older imported ones say nothing of a domain tier. */
export const signedMark = z.object({
  fingerprint: z.string(),
  made_by: z.literal(MADE_BY),
  version: z.number(),
  tables: z.array(z.string()),
  origin: z
    .string()
    .transform((text) => graphOrigin.parse({ domain_tier: null, ...JSON.parse(text) }))
    .default(GENERATED),
});

/** Files of versions 1 and 2 may have no mark. They can have only these tables and columns. */
const unmarked = z.union([
  z.strictObject({ fingerprint: z.string() }),
  z.strictObject({ fingerprint: z.string(), domains: z.bigint(), pages: z.bigint(), links: z.bigint() }),
]);
const UNMARKED_ALWAYS = ['domains', 'generator', 'hosts', 'links', 'page_summaries', 'pages'];
const UNMARKED_TABLES = [
  ...UNMARKED_ALWAYS,
  ...['attribute_sets', 'host_summaries', 'host_tree', 'platform_sets', 'tree_summaries'],
  ...['domain_ranks', 'host_ranks', 'page_outlinks', 'page_ranks'],
];

/** Tables and views of all schemas: replacing the file would delete any of them. */
const TABLES = `SELECT CASE WHEN table_schema = 'main' THEN table_name ELSE table_schema || '.' || table_name END AS name
  FROM information_schema.tables WHERE table_catalog = current_database()`;

/** Writes the mark of a finished graph: program, tables, and where the rows come from. */
export async function writeMark(
  connection: DuckDBConnection,
  { fingerprint, origin }: Pick<Mark, 'fingerprint' | 'origin'>,
): Promise<void> {
  await connection.run(
    `CREATE TABLE generator AS SELECT $fingerprint::VARCHAR AS fingerprint, '${MADE_BY}' AS made_by,
       ${GRAPH_VERSION} AS version, $origin::VARCHAR AS origin, (SELECT list(name ORDER BY name) FROM
         (SELECT name FROM (${TABLES}) WHERE name <> 'generator' UNION ALL SELECT 'generator')) AS tables,
       (SELECT count(*) FROM domains) AS domains, (SELECT count(*) FROM pages) AS pages,
       (SELECT count(*) FROM links WHERE via_page IS NULL) AS links`,
    { fingerprint, origin: JSON.stringify(origin) },
  );
}

/** Throws if the database has no mark of this program. */
export async function readMark(connection: DuckDBConnection): Promise<Mark> {
  const names = await connection.runAndReadAll(TABLES);
  const tables = z
    .array(z.object({ name: z.string() }))
    .parse(names.getRowObjectsJS())
    .map(({ name }) => name);
  if (!tables.includes('generator')) throw new Error('it has no table `generator`');
  const reader = await connection.runAndReadAll('FROM generator');
  const [row, ...more] = reader.getRowObjectsJS();
  const signed = signedMark.safeParse(row);
  const made = signed.success ? signed : unmarked.safeParse(row);
  if (!made.success || more.length > 0) throw new Error('its table `generator` is not one of this program');
  const [always, known] = signed.success
    ? [signed.data.tables, signed.data.tables]
    : [UNMARKED_ALWAYS, UNMARKED_TABLES];
  return {
    fingerprint: made.data.fingerprint,
    version: signed.success ? signed.data.version : null,
    origin: signed.success ? signed.data.origin : GENERATED,
    missing: always.filter((name) => !tables.includes(name)),
    foreign: tables.filter((name) => !known.includes(name)),
  };
}

export async function readCounts(connection: DuckDBConnection): Promise<GraphCounts> {
  const reader = await connection.runAndReadAll('SELECT domains, pages, links FROM generator');
  return graphCounts.parse(reader.getRowObjectsJS()[0]);
}
