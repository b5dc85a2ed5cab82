import { metricsQuery } from './metrics.js';

/** Links that count when a request does not say otherwise: found at the last check, and from another domain. */
const USUAL = 'lost_date IS NULL AND source_domain <> target_domain';

/** How a count of referring domains becomes a rank from 0 to 1000: its logarithm over that of the largest count. */
const RANK = '(round(1000 * ln(1 + referring_domains) / ln(1 + max(referring_domains) OVER ())))::SMALLINT';

/**
 * Aggregates of the links under usual parameters, kept because bulk calls ask for a thousand at once; `tree` counts
 * a host with all below it. An indirect link stays within its host, so only pages count it beside the direct one.
 */
export const SUMMARY_STEPS = [
  `CREATE TABLE page_summaries AS
   ${metricsQuery(`SELECT *, target_page AS subject FROM links WHERE ${USUAL}`)} ORDER BY subject`,
  `CREATE TABLE host_summaries AS
   ${metricsQuery(`SELECT *, target_host AS subject FROM links WHERE ${USUAL} AND via_page IS NULL`)} ORDER BY subject`,
  `CREATE TABLE tree_summaries AS
   ${metricsQuery(`SELECT links.*, ancestor_id AS subject FROM links JOIN host_tree ON host_id = target_host
     WHERE ${USUAL} AND via_page IS NULL`)} ORDER BY subject`,
  `CREATE TABLE page_ranks AS SELECT subject AS page_id, ${RANK} AS rank FROM page_summaries ORDER BY page_id`,
  `CREATE TABLE host_ranks AS SELECT subject AS host_id, ${RANK} AS rank FROM tree_summaries ORDER BY host_id`,
  `CREATE TABLE domain_ranks AS
   SELECT domain_id, rank FROM host_ranks JOIN hosts USING (host_id) WHERE is_root ORDER BY domain_id`,
  `CREATE TABLE page_outlinks AS
   SELECT source_page AS page_id,
     count(*) FILTER (source_domain = target_domain) AS internal_links_count,
     count(*) FILTER (source_domain <> target_domain) AS external_links_count
   FROM links WHERE lost_date IS NULL AND via_page IS NULL GROUP BY source_page ORDER BY page_id`,
];
