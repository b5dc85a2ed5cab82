import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { answerBulk, type BulkQuery } from './bulk.js';
import type { BulkCall } from './target.js';

const QUERY: BulkQuery = {
  found: ({ pages, hosts }) => `SELECT key, backlinks FROM page_summaries WHERE key_hash IN ${pages}
    UNION ALL SELECT key, backlinks FROM tree_summaries WHERE key_hash IN ${hosts}`,
  item: `to_json({'target': echo, 'backlinks': coalesce(backlinks, 0)})`,
  joins: '',
  withDomains: false,
};

/** The number of live backlinks of each target from other domains. A host includes its subdomains. */
export async function answerBulkBacklinks(graph: Graph, { targets }: BulkCall): Promise<Answer> {
  return answerBulk(graph, QUERY, { targets, params: {} });
}
