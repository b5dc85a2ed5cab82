import type { DuckDBConnection } from '@duckdb/node-api';
import { type DomainRange, runFor } from './chunks.js';

const ROUNDS = 20;

/** A graph to rank. Nodes are numbered from 0; edges have a `source`, a `target` and an integer weight `n`. */
interface RankedGraph {
  /** Selects the number of nodes. */
  readonly nodes: string;
  /** Selects the edges to a range of domains; no target is in two ranges. */
  readonly edges: string;
  /** The temporary table for the result, with the columns `id` and `rank`. */
  readonly into: string;
}

/**
 * PageRank in integers, so that sums do not depend on the order of addition. A score begins at 1,000,000,000. Each
 * round passes 85 % of a node's score along its edges, by weight; what is not passed along edges is shared by all
 * nodes. The rank is the score's logarithm, scaled so that the lowest score is 0 and the highest 1000. Only nodes that have
 * edges need a score in each round: of imported pages these are few.
 */
async function rankNodes(
  connection: DuckDBConnection,
  graph: RankedGraph,
  ranges: readonly DomainRange[],
): Promise<void> {
  await connection.run('CREATE TEMP TABLE edges (source INTEGER, target INTEGER, n INTEGER)');
  await runFor(connection, ranges, `INSERT INTO edges ${graph.edges}`);
  await connection.run(
    `CREATE TEMP TABLE scores AS
     WITH sources AS (SELECT source, sum(n)::BIGINT AS outs FROM edges GROUP BY source)
     SELECT source AS id, outs, 1000000000::BIGINT AS score FROM sources`,
  );
  await connection.run(`CREATE TEMP TABLE nodes AS SELECT (${graph.nodes})::BIGINT AS nodes`);
  await connection.run('CREATE TEMP TABLE inner_edges AS SELECT * FROM edges WHERE target IN (SELECT id FROM scores)');
  for (let round = 1; round < ROUNDS; round++) {
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE scores AS ${roundOver('inner_edges', 'SELECT id, outs FROM scores')}`,
    );
  }
  await connection.run(
    `CREATE TEMP TABLE ${graph.into} AS
     WITH last AS (${roundOver('edges', 'SELECT i::INTEGER AS id, NULL AS outs FROM nodes, range(nodes) r(i)')})
     SELECT id, CASE WHEN highest = lowest THEN 0 ELSE round(1000 * ln(score / lowest) / ln(highest / lowest))
       END::SMALLINT AS rank
     FROM last, (SELECT min(score) AS lowest, max(score) AS highest FROM last) ORDER BY id`,
  );
  for (const table of ['edges', 'inner_edges', 'scores', 'nodes']) await connection.run(`DROP TABLE ${table}`);
}

/** SQL for the scores of some nodes after a round. */
function roundOver(edges: string, nodes: string): string {
  return `WITH idle AS (
      SELECT (nodes * 1000000000 - (SELECT coalesce(sum(score), 0)::BIGINT FROM scores)) // nodes AS share FROM nodes
    ), passed AS (
      SELECT target, sum(n * portion)::BIGINT AS flow
      FROM ${edges} JOIN (SELECT id, score // outs AS portion FROM scores) ON id = source GROUP BY target
    )
    SELECT id, outs, (15000000000 + 85 * (coalesce(flow, 0) + share)) // 100 AS score
    FROM (${nodes}) LEFT JOIN passed ON target = id CROSS JOIN idle`;
}

/** The links that pass rank on: found at the last check, not nofollow, and direct. */
const PASSING =
  'target_domain BETWEEN $first_domain AND $last_domain AND lost_date IS NULL AND nofollow IS NOT TRUE AND via_page IS NULL';

const RANKINGS: readonly RankedGraph[] = [
  {
    into: 'page_ranks',
    nodes: 'SELECT max(end_page) FROM domain_frames',
    edges: `SELECT source_page AS source, target_page AS target, count(*)::INTEGER AS n FROM links
      WHERE ${PASSING} GROUP BY ALL`,
  },
  {
    into: 'host_ranks',
    nodes: 'SELECT max(first_host + host_count) FROM domain_frames',
    edges: `SELECT source_host AS source, target_host AS target, 1 AS n FROM links
      WHERE ${PASSING} AND source_domain <> target_domain GROUP BY ALL`,
  },
  {
    into: 'domain_ranks',
    nodes: 'SELECT count(*) FROM domain_frames',
    edges: `SELECT source_domain AS source, target_domain AS target, 1 AS n FROM links
      WHERE ${PASSING} AND source_domain <> target_domain GROUP BY ALL`,
  },
];

/** Makes `page_ranks`, `host_ranks` and `domain_ranks` from the links. */
export async function rankGraph(connection: DuckDBConnection, ranges: readonly DomainRange[]): Promise<void> {
  for (const ranking of RANKINGS) await rankNodes(connection, ranking, ranges);
}
