import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Graph, openGraph } from '../src/graph/open.js';
import { seedTargetsOf } from '../src/graph/seed-targets.js';
import type { GraphSettings } from '../src/graph/settings.js';
import { openSmallGraph, SEED_TARGETS, SMALL } from './support.js';
import { allLinks, groupedBy } from './tables.js';

const TABLES = ['domains', 'hosts', 'host_tree', 'pages', 'links', 'page_summaries', 'tree_summaries', 'host_ranks'];

/** A digest of every row of every table, in the order of their texts. */
async function digestOf(graph: Graph): Promise<string> {
  const hash = createHash('sha256');
  for (const table of TABLES) {
    const rows = await graph.rows(
      `SELECT to_json(t)::VARCHAR AS row FROM ${table} t`,
      {},
      z.object({ row: z.string() }),
    );
    hash.update(JSON.stringify(rows.map(({ row }) => row).toSorted()));
  }
  return hash.digest('hex');
}

async function digestFor(settings: Partial<GraphSettings>): Promise<string> {
  const graph = await openSmallGraph(settings);
  try {
    return await digestOf(graph);
  } finally {
    graph.close();
  }
}

describe('the generator', () => {
  test('gives equal rows for equal settings, and others for another seed', async () => {
    const [first, again, other] = [await digestFor({}), await digestFor({}), await digestFor({ seed: 8 })];
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('has the counts that it was asked for and begins with the seed targets, the first most linked to', async () => {
    const graph = await openSmallGraph();
    expect(graph.counts).toMatchObject({ domains: SMALL.domains, links: SMALL.links });
    expect(graph.counts.pages).toBeGreaterThanOrEqual(SMALL.domains * 10);
    const links = (await allLinks(graph)).filter(({ indirect }) => !indirect);
    const counts = [...groupedBy(links, ({ target_domain }) => target_domain)].map(([name, some]) => [
      name,
      some.length,
    ]);
    const order = counts.toSorted((a, b) => Number(b[1]) - Number(a[1])).map(([name]) => name);
    expect(order.slice(0, 5)).toEqual(['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk']);
    const linked = new Set(links.map(({ target }) => target));
    for (const page of SEED_TARGETS.filter((target) => target.includes('://'))) expect(linked).toContain(page);
    graph.close();
  });

  test('works without seed targets', async () => {
    const graph = await openSmallGraph({ seedTargets: seedTargetsOf([]) });
    expect(graph.counts).toMatchObject({ domains: SMALL.domains, pages: SMALL.domains * 10 });
    graph.close();
  });

  test('passes over what is not a target', () => {
    expect(seedTargetsOf(['', 'no', 'http://10.0.0.1/', 'a.b.example.com'])).toEqual({
      domains: ['example.com'],
      hosts: ['a.b.example.com', 'b.example.com'],
      pages: [],
    });
  });
});

describe('the file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backlinks-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const options = (settings: Partial<GraphSettings> = {}) => ({
    path: join(folder, 'below', 'graph.duckdb'),
    memory: '1GB',
    settings: { ...SMALL, ...settings },
  });
  const madeAt = async () => (await stat(options().path)).mtimeMs;

  test('is made once, with nothing beside it, and made again for other settings', async () => {
    (await openGraph(options())).close();
    expect(await readdir(join(folder, 'below'))).toEqual(['graph.duckdb']);
    const first = await madeAt();
    const graph = await openGraph(options());
    expect(graph.counts.domains).toBe(SMALL.domains);
    graph.close();
    expect(await madeAt()).toBe(first);
    const other = await openGraph(options({ domains: 200 }));
    expect(other.counts.domains).toBe(200);
    other.close();
    expect(await readdir(join(folder, 'below'))).toEqual(['graph.duckdb']);
  });

  test('that holds something else is left alone', async () => {
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'not a graph');
    await expect(openGraph({ ...options(), path })).rejects.toThrow();
    expect((await stat(path)).size).toBe('not a graph'.length);
  });
});
