import type { Graph } from '../graph/open.js';
import { NO_METRICS } from '../graph/summaries.js';
import type { Answer } from './answer.js';
import { answerBulk, type BulkQuery } from './bulk.js';
import { scaledRank } from './metric-item.js';
import type { BulkCall } from './target.js';

/**
 * A target that is not in the graph gets zeros, with its domain's rank if the domain is known. Metrics are stored as
 * JSON text, several times faster to fetch than their columns; the text continues the JSON of the item's head.
 */
const query = (hostSummaries: 'tree_summaries' | 'host_summaries'): BulkQuery => ({
  found: ({ pages, hosts }) => `SELECT key, rank, item FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, rank, item FROM ${hostSummaries} WHERE key_hash IN ${hosts}`,
  item: `(rtrim(to_json({'type': 'backlinks_page_summary', 'url': echo, 'rank': ${scaledRank('found.rank')},
    'main_domain_rank': ${scaledRank('main.rank')}})::VARCHAR, '}') || ',' || coalesce(found.item, ${NO_METRICS})[2:])`,
  joins: 'LEFT JOIN found main ON main.key = asked.domain',
  withDomains: true,
});

const WITH_SUBDOMAINS = query('tree_summaries');
const WITHOUT_SUBDOMAINS = query('host_summaries');

/** All backlink metrics of each target. */
export async function answerBulkPagesSummary(graph: Graph, { targets, options }: BulkCall): Promise<Answer> {
  const { includeSubdomains, oneHundred } = options;
  const answer = await answerBulk(graph, includeSubdomains ? WITH_SUBDOMAINS : WITHOUT_SUBDOMAINS, {
    targets,
    params: { one_hundred: oneHundred },
  });
  return { ...answer, head: { total_count: answer.count } };
}
