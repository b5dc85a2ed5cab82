import type { Graph } from '@linkhaul/backlinks';
import type { EndpointName } from '@linkhaul/schemas';
import { z } from 'zod';

export interface Task {
  readonly endpoint: EndpointName;
  readonly task: Readonly<Record<string, unknown>>;
}

/** A thousand pages of a hundred domains: what a full call of bulk_pages_summary may hold. */
const PAGES_OF_DOMAINS = `SELECT list(url ORDER BY page_id) AS names FROM
  (SELECT * FROM pages WHERE domain_id % (SELECT count(*) // 100 FROM domains) = $turn::INTEGER
   ORDER BY hash(page_id) LIMIT 1000)`;

const LINKED_DOMAINS = 'SELECT list(domain ORDER BY domain_id) AS names FROM domains WHERE domain_id < $most::INTEGER';

const names = z.object({ names: z.array(z.string()) });

/** Tasks of one kind with different targets, so that no answer is cached by the one before. */
export async function bulkTasks(graph: Graph, endpoint: EndpointName, count: number): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let turn = 0; turn < count; turn++) {
    const row = await graph.row(PAGES_OF_DOMAINS, { turn: BigInt(turn) }, names);
    tasks.push({ endpoint, task: { targets: row?.names ?? [] } });
  }
  return tasks;
}

/** Lists of up to a thousand rows about the most linked-to domains. */
export async function listTasks(graph: Graph, endpoint: EndpointName, count: number): Promise<Task[]> {
  const row = await graph.row(LINKED_DOMAINS, { most: BigInt(count) }, names);
  return (row?.names ?? []).map((target) => ({ endpoint, task: { target, limit: 1000 } }));
}
