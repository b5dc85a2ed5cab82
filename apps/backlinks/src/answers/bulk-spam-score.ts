import { jsonTexts, objectText } from '../graph/metric-json.js';
import { answerBulk, type BulkAnswer, type BulkQuery } from './bulk.js';

const QUERY: BulkQuery = {
  found: ({ pages, hosts }) => `SELECT key, pages.spam_score AS spam_score
      FROM page_summaries JOIN pages ON pages.page_id = subject WHERE key_hash IN ${pages}
    UNION ALL SELECT key, domains.spam_score FROM host_summaries JOIN hosts ON hosts.host_id = subject
      JOIN domains ON domains.domain_id = hosts.domain_id WHERE key_hash IN ${hosts}`,
  item: itemOf('coalesce(spam_score, spam_of_nothing())'),
  tierItem: itemOf('NULL'),
  joins: '',
  withDomains: false,
};

function itemOf(spamScore: string): string {
  return objectText(jsonTexts({ type: "'backlinks_bulk_spam_score'", target: 'echo', spam_score: spamScore }));
}

/** The spam score of each target: a host has its domain's, one that is not in a generated graph 0. No import knows spam. */
export const bulkSpamScore: BulkAnswer = {
  functionId: '0482',
  answer: (graph, { targets }) => answerBulk(graph, QUERY, { targets, params: {} }),
};
