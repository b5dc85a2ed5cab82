import { jsonTexts, objectText, objectTextWith, tierMetrics } from '../graph/metric-json.js';
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
  item: objectTextWith(
    headOf(scaledRank('found.rank'), scaledRank('main.rank')),
    `coalesce(found.item, ${NO_METRICS})`,
  ),
  tierItem: objectText([
    ...headOf(tierRank(ownOf('main_rank')), tierRank('main_rank')),
    ...jsonTexts(tierMetrics(hostSummaries === 'tree_summaries' ? ownOf('main_referring') : 'NULL')),
  ]),
  joins: 'LEFT JOIN found main ON main.key = asked.domain',
  withDomains: true,
});

function headOf(rank: string, mainRank: string) {
  return jsonTexts({ type: "'backlinks_page_summary'", url: 'echo', rank, main_domain_rank: mainRank });
}

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
