import { jsonTexts, objectText } from '../graph/metric-json.js';
import { answerBulk, type BulkAnswer, type BulkQuery, ownOf } from './bulk.js';
import { tierRank } from './domain-tier.js';
import { scaledRank } from './metric-item.js';

const QUERY: BulkQuery = {
  found: ({ pages, hosts }) => `SELECT key, rank FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, rank FROM tree_summaries WHERE key_hash IN ${hosts}`,
  item: objectText(jsonTexts({ target: 'echo', rank: scaledRank('found.rank') })),
  tierItem: objectText(jsonTexts({ target: 'echo', rank: tierRank(ownOf('main_rank')) })),
  joins: '',
  withDomains: false,
};

/** The rank of each target; 0 for one that is not in the graph. A domain that only a web graph knows has its rank there. */
export const bulkRanks: BulkAnswer = {
  functionId: '0347',
  answer: (graph, { targets, options }) =>
    answerBulk(graph, QUERY, { targets, params: { one_hundred: options.oneHundred } }),
};
