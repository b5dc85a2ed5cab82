import type { Graph } from '../graph/open.js';
import type { Answer } from './answer.js';
import { ASKED, bulkParams, itemRow, SHUFFLED } from './bulk.js';
import type { BulkOptions } from './options.js';

const SQL = `WITH ${ASKED}, found AS (
    SELECT echo, backlinks FROM asked JOIN pages ON url = key JOIN page_summaries ON subject = page_id
    UNION ALL
    SELECT echo, backlinks FROM asked JOIN hosts ON host = key JOIN tree_summaries ON subject = host_id
  )
  SELECT to_json({'target': echo, 'backlinks': coalesce(backlinks, 0)})::VARCHAR AS item
  FROM asked LEFT JOIN found USING (echo) ORDER BY ${SHUFFLED}`;

/** The live backlinks of each target, from other domains; a host counts with all below it. */
export async function answerBulkBacklinks(graph: Graph, options: BulkOptions): Promise<Answer> {
  const rows = await graph.rows(SQL, bulkParams(options.targets), itemRow);
  return { head: {}, items: rows.map(({ item }) => item) };
}
