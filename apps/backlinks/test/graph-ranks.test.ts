import { expect, test } from 'vitest';
import { z } from 'zod';
import { openOtherGraph } from './support.js';

interface Edge {
  readonly source: number;
  readonly target: number;
  readonly n: number;
}

/** PageRank in whole numbers, written down the plain way. */
function ranksOf(nodes: number, edges: readonly Edge[]): number[] {
  const outs = new Array<bigint>(nodes).fill(0n);
  for (const { source, n } of edges) outs[source] = (outs[source] ?? 0n) + BigInt(n);
  let scores = new Array<bigint>(nodes).fill(1_000_000_000n);
  for (let round = 0; round < 20; round++) {
    const kept = scores.reduce((sum, score, id) => (outs[id] === 0n ? sum : sum + score), 0n);
    const idle = BigInt(nodes) * 1_000_000_000n - kept;
    const flows = new Array<bigint>(nodes).fill(idle / BigInt(nodes));
    for (const { source, target, n } of edges) {
      flows[target] = (flows[target] ?? 0n) + BigInt(n) * ((scores[source] ?? 0n) / (outs[source] ?? 1n));
    }
    scores = flows.map((flow) => (15n * 1_000_000_000n + 85n * flow) / 100n);
  }
  const numbers = scores.map(Number);
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  if (lowest === highest) return numbers.map(() => 0);
  return numbers.map((score) => Math.round((1000 * Math.log(score / lowest)) / Math.log(highest / lowest)));
}

/** The edges between the numbers that a link has in two of its columns, with how many links each stands for. */
function edgesOf(links: readonly Record<string, number>[], level: 'page' | 'host' | 'domain'): Edge[] {
  const counts = new Map<string, Edge>();
  for (const link of links) {
    const [source, target] = [link[`source_${level}`] ?? -1, link[`target_${level}`] ?? -1];
    if (level !== 'page' && link.source_domain === link.target_domain) continue;
    const known = counts.get(`${source} ${target}`);
    counts.set(`${source} ${target}`, { source, target, n: level === 'page' ? (known?.n ?? 0) + 1 : 1 });
  }
  return [...counts.values()];
}

test('ranks are those of PageRank over the links that pass it on', async () => {
  const graph = await openOtherGraph({ domains: 60, links: 2000 });
  const links = await graph.rows(
    `SELECT source_page, source_host, source_domain, target_page, target_host, target_domain FROM links
     JOIN attribute_sets ON set_id = attribute_set
     WHERE lost_date IS NULL AND NOT list_contains(names, 'nofollow') AND via_page IS NULL`,
    {},
    z.record(z.string(), z.number()),
  );
  const kept = async (table: string, id: string) => {
    const rows = await graph.rows(`SELECT rank FROM ${table} ORDER BY ${id}`, {}, z.object({ rank: z.number() }));
    return rows.map(({ rank }) => rank);
  };
  const [pages, hosts, domains] = [
    await kept('pages', 'page_id'),
    await kept('hosts', 'host_id'),
    await kept('domains', 'domain_id'),
  ];
  expect(pages).toEqual(ranksOf(pages.length, edgesOf(links, 'page')));
  expect(domains).toEqual(ranksOf(domains.length, edgesOf(links, 'domain')));
  const roots = await graph.rows(
    'SELECT host_id, domain_id, is_root FROM hosts ORDER BY host_id',
    {},
    z.object({ host_id: z.number(), domain_id: z.number(), is_root: z.boolean() }),
  );
  const own = ranksOf(hosts.length, edgesOf(links, 'host'));
  expect(hosts).toEqual(roots.map(({ host_id, domain_id, is_root }) => (is_root ? domains[domain_id] : own[host_id])));
  expect(Math.max(...pages)).toBe(1000);
  expect(new Set(domains).size).toBeGreaterThan(50);
  graph.close();
});

test('ranks are zero where nothing is linked', async () => {
  const graph = await openOtherGraph({ domains: 20, links: 0 });
  for (const table of ['pages', 'hosts', 'domains']) {
    const row = await graph.row(`SELECT max(rank) AS rank FROM ${table}`, {}, z.object({ rank: z.number() }));
    expect(row?.rank).toBe(0);
  }
  graph.close();
});
