import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { ASKED, bulkParams, itemRow, SHUFFLED } from './bulk.js';
import { metricFields, scaledRank } from './item.js';
import type { BulkOptions } from './options.js';

/**
 * A target that is not in the graph has a row of zeros; its domain may be known all the same. Summaries are found by
 * their narrow columns first and read by row id then: the maps of a whole table take long to unpack.
 */
const sql = (hostSummaries: 'tree_summaries' | 'host_summaries') => `WITH ${ASKED},
  page_hits AS MATERIALIZED (
    SELECT echo, page_ranks.rank, s.rowid AS row_id FROM asked JOIN pages ON url = key
      JOIN page_summaries s ON s.subject = page_id JOIN page_ranks USING (page_id)
  ), host_hits AS MATERIALIZED (
    SELECT echo, host_ranks.rank, s.rowid AS row_id FROM asked JOIN hosts ON host = key
      JOIN ${hostSummaries} s ON s.subject = host_id JOIN host_ranks USING (host_id)
  ), found AS (
    SELECT echo, rank, s.* FROM page_hits JOIN page_summaries s ON s.rowid = row_id
    UNION ALL
    SELECT echo, rank, s.* FROM host_hits JOIN ${hostSummaries} s ON s.rowid = row_id
  )
  SELECT to_json({'type': 'backlinks_page_summary', 'url': echo, 'main_domain_rank': ${scaledRank('d.rank')},
    ${metricFields('found', 'whole')}})::VARCHAR AS item
  FROM asked LEFT JOIN found USING (echo)
    LEFT JOIN (SELECT domain, rank FROM domains JOIN domain_ranks USING (domain_id)) d USING (domain)
  ORDER BY ${SHUFFLED}`;

const WITH_SUBDOMAINS = sql('tree_summaries');
const WITHOUT_SUBDOMAINS = sql('host_summaries');

/** All backlink metrics of each target. */
export async function answerBulkPagesSummary(graph: Graph, options: BulkOptions): Promise<Answer> {
  const rows = await graph.rows(
    options.includeSubdomains ? WITH_SUBDOMAINS : WITHOUT_SUBDOMAINS,
    { ...bulkParams(options.targets), one_hundred: options.oneHundred },
    itemRow,
  );
  return { head: { total_count: rows.length }, items: rows.map(({ item }) => item) };
}
