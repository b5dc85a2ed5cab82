import { readFile } from 'node:fs/promises';
import type { LinkhaulClient } from '@linkhaul/client';
import { examplePath } from '../repository.js';

/** The jobs that the pictures show, by their state. */
export interface PicturedJobs {
  readonly tag: string;
  readonly finished: string;
  readonly running: string;
}

const TAG = 'customers';

/** Makes several runs of one tag, a job that has run out of money, one that waits for its start, and one that still runs. */
export async function makeJobs(client: LinkhaulClient): Promise<PicturedJobs> {
  const lines = (await readFile(examplePath('domains.txt'), 'utf8')).trimEnd().split('\n');
  const weekly = { endpoint: 'bulk_pages_summary', tag: TAG, metadata: { customer: 'acme' } } as const;
  for (const rows of [lines.slice(0, 300), [...lines.slice(20, 400), 'not a domain']]) {
    await client.waitFor((await client.submit(weekly, rows)).id);
  }
  const { id: finished } = await client.submit(weekly, lines);
  await client.waitFor(finished);
  const { id: poor } = await client.submit(
    { endpoint: 'referring_domains', tag: 'prospects', max_items_per_target: 20, max_cost_usd: 0.2 },
    lines,
  );
  await client.waitFor(poor, { untilPaused: true });
  await client.submit({ endpoint: 'domain_pages', tag: 'audit', start: 'manual', max_cost_usd: 5 }, lines.slice(0, 40));
  const { id: running } = await client.submit(
    { endpoint: 'domain_pages_summary', tag: 'inventory', max_items_per_target: 100, max_cost_usd: 25 },
    lines,
  );
  await untilHalfDone(client, running);
  return { tag: TAG, finished, running };
}

async function untilHalfDone(client: LinkhaulClient, id: string): Promise<void> {
  for await (const { progress } of client.states(id)) if (progress > 0.4) return;
}
