import { tierMetricFields } from '../graph/metric-json.js';
import { NO_METRICS } from '../graph/summaries.js';
import { answerBulk, type BulkAnswer, type BulkQuery, ownOf } from './bulk.js';
import { tierRank } from './domain-tier.js';
import { scaledRank } from './metric-item.js';

/**
 * A target that is not in the graph gets zeros, with its domain's rank if the domain is known. Metrics are stored as
 * JSON text, several times faster to fetch than their columns; the text continues the JSON of the item's head.
 */
const query = (hostSummaries: 'tree_summaries' | 'host_summaries'): BulkQuery => ({
  found: ({ pages, hosts }) => `SELECT key, rank, item FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, rank, item FROM ${hostSummaries} WHERE key_hash IN ${hosts}`,
  item: `(rtrim(to_json({'type': 'backlinks_page_summary', 'url': echo, 'rank': ${scaledRank('found.rank')},
    'main_domain_rank': ${scaledRank('main.rank')}})::VARCHAR, '}') || ',' || coalesce(found.item, ${NO_METRICS})[2:])`,
  tierItem: `to_json({'type': 'backlinks_page_summary', 'url': echo, 'rank': ${tierRank(ownOf('main_rank'))},
    'main_domain_rank': ${tierRank('main_rank')},
    ${tierMetricFields(hostSummaries === 'tree_summaries' ? ownOf('main_referring') : 'NULL')}})`,
  joins: 'LEFT JOIN found main ON main.key = asked.domain',
  withDomains: true,
});

const WITH_SUBDOMAINS = query('tree_summaries');
const WITHOUT_SUBDOMAINS = query('host_summaries');

/** All backlink metrics of each target. */
export const bulkPagesSummary: BulkAnswer = {
  functionId: '0576',
  async answer(graph, { targets, options }) {
    const query = options.includeSubdomains ? WITH_SUBDOMAINS : WITHOUT_SUBDOMAINS;
    const answer = await answerBulk(graph, query, { targets, params: { one_hundred: options.oneHundred } });
    return { ...answer, head: { total_count: answer.count, ...answer.head } };
  },
};
