import { jsonTexts, objectText } from '../graph/metric-json.js';
import { answerBulk, type BulkAnswer, type BulkQuery } from './bulk.js';

const QUERY: BulkQuery = {
  found: ({ pages, hosts }) => `SELECT key, backlinks FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, backlinks FROM tree_summaries WHERE key_hash IN ${hosts}`,
  item: objectText(jsonTexts({ target: 'echo', backlinks: 'coalesce(backlinks, 0)' })),
  tierItem: objectText(jsonTexts({ target: 'echo', backlinks: 'NULL' })),
  joins: '',
  withDomains: false,
};

/** The number of live backlinks of each target from other domains. A host includes its subdomains. */
export const bulkBacklinks: BulkAnswer = {
  functionId: '0348',
  answer: (graph, { targets }) => answerBulk(graph, QUERY, { targets, params: {} }),
};
