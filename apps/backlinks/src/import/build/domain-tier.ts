import type { DuckDBConnection } from '@duckdb/node-api';
import type { DomainTier } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Part } from '../part-files.js';
import { releaseOf } from '../webgraph/release.js';

/**
 * The rank of each domain that a web graph ranks, on the scale of ours: the logarithm of its PageRank, from 0 for the lowest to
 * 1000 for the highest. Of several web graphs the one that ranks it highest counts.
 */
export const WEB_RANK_STEPS = [
  `CREATE TEMP TABLE web_scale AS
   SELECT min(pagerank) AS lowest, max(pagerank) AS highest FROM part_ranks WHERE pagerank > 0`,
  `CREATE TEMP VIEW web_ranks AS
   SELECT domain, CASE WHEN highest = lowest THEN 0 ELSE round(1000 * ln(pagerank / lowest) / ln(highest / lowest)) END::SMALLINT AS rank
   FROM (SELECT domain, max(pagerank) AS pagerank FROM part_ranks WHERE pagerank > 0 GROUP BY domain), web_scale`,
];

/**
 * Domains are numbered in the order of their hashes, so that a look-up by hash, and one by number, read a few neighbouring rows:
 * an index would have to fit into memory. Whether a domain that no edge leads to has none, or nobody read its edges,
 * `whole` says.
 */
const stepsOf = (whole: boolean) => [
  `CREATE TEMP TABLE tier_names AS
   SELECT (row_number() OVER () - 1)::INTEGER AS domain_id, domain, key_hash
   FROM (
     SELECT domain, (md5_number(domain) >> 64)::UBIGINT AS key_hash
     FROM (SELECT domain_to AS domain FROM part_edges UNION SELECT domain_from FROM part_edges UNION SELECT domain FROM part_ranks)
     ORDER BY key_hash, domain)`,
  `CREATE TABLE tier_edges AS
   SELECT DISTINCT t.domain_id AS target, s.domain_id AS source
   FROM part_edges JOIN tier_names t ON t.domain = domain_to JOIN tier_names s ON s.domain = domain_from
   ORDER BY target, source`,
  `CREATE TABLE tier_domains AS
   SELECT tier_names.domain_id, domain, key_hash, web_ranks.rank, coalesce(edges, ${whole ? '0' : 'NULL'})::INTEGER AS referring_main_domains,
     domains.domain_id IS NULL AS is_alone
   FROM tier_names
     LEFT JOIN (SELECT target, count(*) AS edges FROM tier_edges GROUP BY target) ON target = tier_names.domain_id
     LEFT JOIN web_ranks USING (domain) LEFT JOIN domains USING (domain)
   ORDER BY tier_names.domain_id`,
  'DROP TABLE tier_names',
];

const counted = z.tuple([z.object({ domains: z.number(), edges: z.number(), ranked: z.number() })]);

/** Makes the tables of the domain tier, where a part is of a web graph. Knows `domains`, the table of the page tier. */
export async function makeDomainTier(connection: DuckDBConnection, parts: readonly Part[]): Promise<DomainTier | null> {
  const heads = parts.map(({ head }) => head).filter(({ source }) => source.form === 'webgraph');
  if (heads.length === 0) return null;
  const ofEdges = heads.filter(({ counts }) => counts.edges > 0);
  const whole = ofEdges.length > 0 && ofEdges.every(({ options }) => options.only === null);
  for (const step of stepsOf(whole)) await connection.run(step);
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE AS domains, count(rank)::DOUBLE AS ranked,
       (SELECT count(*) FROM tier_edges)::DOUBLE AS edges FROM tier_domains`,
  );
  const [{ domains, edges, ranked }] = counted.parse(reader.getRowObjectsJS());
  const releases = heads.flatMap(({ source }) => releaseOf(source.file)?.name ?? []);
  return { domains, edges, ranked_domains: ranked, releases: [...new Set(releases)].toSorted() };
}
