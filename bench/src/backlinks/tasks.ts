import type { Graph } from '@linkhaul/backlinks';
import { type EndpointName, endpointOf } from '@linkhaul/schemas';
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

/** Tasks of one kind with different targets, so that no task finds its answer cached by an earlier one. */
export async function bulkTasks(graph: Graph, endpoint: EndpointName, count: number): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let turn = 0; turn < count; turn++) {
    const row = await graph.row(PAGES_OF_DOMAINS, { turn: BigInt(turn) }, names);
    tasks.push({ endpoint, task: { targets: row?.names ?? [] } });
  }
  return tasks;
}

/** The task for each kind of endpoint, about one domain, or about a domain and the next. */
const ASKED: Readonly<Record<string, (target: string, next: string) => Task['task']>> = {
  list: (target) => ({ target, limit: 1000 }),
  set: (target, next) => ({ targets: { 1: target, 2: next }, limit: 1000 }),
};

/** Tasks about the most linked-to domains. */
export async function domainTasks(graph: Graph, endpoint: EndpointName, count: number): Promise<Task[]> {
  const row = await graph.row(LINKED_DOMAINS, { most: BigInt(count) }, names);
  const domains = row?.names ?? [];
  const { [endpointOf(endpoint).kind]: asked = (target: string) => ({ target }) } = ASKED;
  return domains.map((target, at) => ({ endpoint, task: asked(target, domains[(at + 1) % domains.length] ?? target) }));
}
