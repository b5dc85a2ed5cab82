import { jsonTexts, objectText } from '../graph/metric-json.js';
import { answerBulk, type BulkAnswer, type BulkQuery, ownOf } from './bulk.js';

const COUNTS = [
  'referring_domains',
  'referring_domains_nofollow',
  'referring_main_domains',
  'referring_main_domains_nofollow',
];

const QUERY: BulkQuery = {
  found: ({ pages, hosts }) => `SELECT key, ${COUNTS.join(', ')} FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, ${COUNTS.join(', ')} FROM tree_summaries WHERE key_hash IN ${hosts}`,
  item: itemOf((name) => `coalesce(${name}, 0)`),
  tierItem: itemOf((name) => (name === 'referring_main_domains' ? ownOf('main_referring') : 'NULL')),
  joins: '',
  withDomains: false,
};

function itemOf(countSql: (name: string) => string): string {
  return objectText(jsonTexts([['target', 'echo'], ...COUNTS.map((name) => [name, countSql(name)] as const)]));
}

/** How many other domains link to each target. A host includes its subdomains. */
export const bulkReferringDomains: BulkAnswer = {
  functionId: '0351',
  answer: (graph, { targets }) => answerBulk(graph, QUERY, { targets, params: {} }),
};
