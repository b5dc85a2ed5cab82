import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { GraphFileError } from '../src/graph/graph-file.js';
import type { MakingStep } from '../src/graph/making.js';
import { type Graph, openGraph } from '../src/graph/open.js';
import { seedTargetsOf } from '../src/graph/seed-targets.js';
import type { GraphSettings } from '../src/graph/settings.js';
import { MEANS, openOtherGraph, openSmallGraph, SEED_TARGETS, SMALL } from './support.js';
import { allLinks, groupedBy } from './tables.js';

const TABLES = [
  'domains',
  'hosts',
  'host_tree',
  'pages',
  'links',
  'page_summaries',
  'host_summaries',
  'tree_summaries',
  'platform_sets',
  'attribute_sets',
];

/** A digest of every row of each table, in the order of their texts. */
async function digestsOf(graph: Graph): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const table of TABLES) {
    const rows = await graph.rows(
      `SELECT to_json(t)::VARCHAR AS row FROM ${table} t`,
      {},
      z.object({ row: z.string() }),
    );
    const sorted = rows.map(({ row }) => row).toSorted();
    digests[table] = createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
  }
  graph.close();
  return digests;
}

describe('the generator', () => {
  let first: Record<string, string>;
  test('gives equal rows for equal settings, whatever the threads and the place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'backlinks-'));
    const inFile = { ...MEANS, path: join(folder, 'graph.duckdb'), memory: '500MB', threads: 3, settings: SMALL };
    first = await digestsOf(await openOtherGraph({}));
    expect(await digestsOf(await openGraph(inFile))).toEqual(first);
    await rm(folder, { recursive: true });
  });

  test('gives other rows for another seed', async () => {
    const other = await digestsOf(await openOtherGraph({ seed: 8 }));
    for (const table of TABLES.slice(0, -2)) expect(other[table], table).not.toBe(first[table]);
  });

  test('has the counts that it was asked for and begins with the seed targets, the first most linked to', async () => {
    const graph = await openSmallGraph();
    expect(graph.counts).toMatchObject({ domains: SMALL.domains, links: SMALL.links });
    expect(graph.counts.pages / SMALL.domains).toBeGreaterThan(8);
    const links = (await allLinks(graph)).filter(({ indirect }) => !indirect);
    const counts = [...groupedBy(links, ({ target_domain }) => target_domain)].map(([name, some]) => [
      name,
      some.length,
    ]);
    const order = counts.toSorted((a, b) => Number(b[1]) - Number(a[1])).map(([name]) => name);
    expect(order.slice(0, 5)).toEqual(['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk']);
    graph.close();
  });

  test('gives every seed target numbers, though there be hardly any links', async () => {
    const graph = await openOtherGraph({ links: 20 });
    const { domains, hosts } = SMALL.seedTargets;
    const found = await graph.rows(
      `SELECT key FROM page_summaries WHERE backlinks > 0
       UNION ALL SELECT key FROM host_summaries WHERE backlinks > 0`,
      {},
      z.object({ key: z.string() }),
    );
    expect(found.map(({ key }) => key)).toEqual(expect.arrayContaining([...SEED_TARGETS, ...domains, ...hosts]));
    graph.close();
  });

  test('works without seed targets', async () => {
    const graph = await openOtherGraph({ seedTargets: seedTargetsOf([]) });
    expect(graph.counts).toMatchObject({ domains: SMALL.domains, links: SMALL.links });
    graph.close();
  });

  test.each([
    [1, 0],
    [1, 500],
    [2, 1000],
    [2000, 1000],
  ])('makes a web of %i domains and %i links', async (domains, links) => {
    const graph = await openOtherGraph({ domains, links });
    expect(graph.counts).toMatchObject({ domains, links });
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

const OLD_TABLES = ['domains', 'hosts', 'pages', 'links', 'page_summaries']
  .map((name) => `CREATE TABLE ${name} AS SELECT 1 AS n`)
  .join('; ');
const FIRST_GENERATOR = `CREATE TABLE generator AS SELECT 'an older one' AS fingerprint`;
const SECOND_GENERATOR = `CREATE TABLE generator AS
  SELECT 'an older one' AS fingerprint, 1::BIGINT AS domains, 1::BIGINT AS pages, 1::BIGINT AS links`;
const OTHER_GENERATOR = `CREATE TABLE generator AS SELECT 'x' AS fingerprint, 'somebody' AS made_by`;
const NOTES = 'CREATE TABLE notes AS SELECT 1 AS n';
const FOREIGN = `${FIRST_GENERATOR}; ${NOTES}`;

describe('the file', () => {
  /** Graphs of two seeds, made once. */
  let made = '';
  let folder = '';
  beforeAll(async () => {
    made = await mkdtemp(join(tmpdir(), 'backlinks-'));
    for (const seed of [SMALL.seed, 2])
      (await openGraph({ ...options({ seed }), path: join(made, `${seed}`) })).close();
  });
  afterAll(() => rm(made, { recursive: true }));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backlinks-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Puts a graph where it would be made. */
  const put = async (seed = SMALL.seed) => {
    await mkdir(join(folder, 'below'));
    await copyFile(join(made, `${seed}`), options().path);
  };
  const options = (settings: Partial<GraphSettings> = {}) => ({
    path: join(folder, 'below', 'graph.duckdb'),
    ...MEANS,
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
    const other = await openGraph(options({ domains: 50 }));
    expect(other.counts.domains).toBe(50);
    other.close();
    expect(await readdir(join(folder, 'below'))).toEqual(['graph.duckdb']);
  });

  test('is made whole by two that start at once', async () => {
    const graphs = await Promise.all([openGraph(options()), openGraph(options())]);
    const [first, second] = await Promise.all(graphs.map(digestsOf));
    expect(second).toEqual(first);
    expect(await readdir(join(folder, 'below'))).toEqual(['graph.duckdb']);
  });

  test.each([
    ['of the first form', FIRST_GENERATOR],
    ['of the second form, without a mark', SECOND_GENERATOR],
  ])('%s is made again', async (_, generator) => {
    const { path } = options();
    await mkdir(join(folder, 'below'));
    await writeDatabase(path, `${OLD_TABLES}; ${generator}`);
    const graph = await openGraph(options());
    expect(graph.counts.domains).toBe(SMALL.domains);
    graph.close();
  });

  test('with its own mark is made again whatever tables the mark names', async () => {
    await put();
    const later = `UPDATE generator SET version = 99, fingerprint = 'later', tables = list_append(tables, 'more');
      CREATE TABLE more AS SELECT 1 AS n`;
    await writeDatabase(options().path, later);
    const graph = await openGraph(options());
    expect(graph.counts.domains).toBe(SMALL.domains);
    graph.close();
  });

  test('serves beside tables that others have put into it, but is not replaced', async () => {
    await put();
    await writeDatabase(options().path, 'CREATE SCHEMA mine; CREATE VIEW mine.notes AS SELECT 1 AS n');
    const before = await readFile(options().path);
    (await openGraph(options())).close();
    await expect(openGraph(options({ seed: 2 }))).rejects.toThrow('mine.notes');
    expect((await readFile(options().path)).equals(before)).toBe(true);
  });

  test('that lacks a table is refused', async () => {
    await put();
    await writeDatabase(options().path, 'DROP TABLE hosts');
    await expect(openGraph(options())).rejects.toThrow(GraphFileError);
    await expect(openGraph(options({ seed: 2 }))).rejects.toThrow('hosts');
  });

  test('tells its steps, and none when it is there already', async () => {
    const stages: string[] = [];
    const onStep = ({ stage, chunk, chunks }: MakingStep) => {
      expect(chunk).toBeLessThanOrEqual(chunks);
      if (stages.at(-1) !== stage) stages.push(stage);
    };
    (await openGraph({ ...options(), onStep })).close();
    expect(stages).toEqual(['sites', 'links', 'ranks', 'pages', 'summaries', 'indexes']);
    (await openGraph({ ...options(), onStep })).close();
    expect(stages).toHaveLength(6);
  });

  test.each(['sites', 'ranks', 'summaries', 'indexes'])('given up at its %s leaves what was there', async (at) => {
    await put(2);
    const before = await readFile(options().path);
    const stop = new AbortController();
    const onStep = ({ stage }: MakingStep) => stage === at && stop.abort();
    await expect(openGraph({ ...options(), signal: stop.signal, onStep })).rejects.not.toThrow(GraphFileError);
    expect((await readFile(options().path)).equals(before)).toBe(true);
    expect(await readdir(join(folder, 'below'))).toEqual(['graph.duckdb']);
  });

  test('found damaged by a query is told of', async () => {
    const told: GraphFileError[] = [];
    const graph = await openGraph({ ...options({ links: 40_000 }), onBroken: (error) => told.push(error) });
    await expect(graph.rows('SELECT no_such_column FROM links', {}, z.unknown())).rejects.toThrow();
    expect(told).toEqual([]);
    await truncate(options().path, 12_288);
    await expect(graph.slow.rows('SELECT max(anchor) FROM links', {}, z.unknown())).rejects.toThrow();
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining(options().path)]);
    graph.close();
  });

  const strangers: [string, (path: string) => Promise<unknown>][] = [
    ['a text', (path) => writeFile(path, 'not a graph')],
    ['nothing', (path) => writeFile(path, '')],
    ['a database of something else', (path) => writeDatabase(path, 'CREATE TABLE notes AS SELECT 1 AS n')],
    ['an empty table of its own', (path) => writeDatabase(path, 'CREATE TABLE generator (fingerprint VARCHAR)')],
    ["another program's `generator`", (path) => writeDatabase(path, FOREIGN)],
    ['our table names and one more', (path) => writeDatabase(path, `${OLD_TABLES}; ${FIRST_GENERATOR}; ${NOTES}`)],
    ['our table names, but no row of ours', (path) => writeDatabase(path, `${OLD_TABLES}; ${OTHER_GENERATOR}`)],
    ['half a database', (path) => writeHalfDatabase(path)],
  ];
  test.each(strangers)('that holds %s is refused in one sentence and left alone', async (_, write) => {
    const path = join(folder, 'stranger');
    await write(path);
    const before = await readFile(path);
    const message = await openGraph({ ...options(), path }).catch((error: unknown) => error);
    expect(message).toBeInstanceOf(GraphFileError);
    expect(String(message)).toContain(path);
    expect(String(message)).toContain('BACKLINKS_DATA');
    expect(String(message)).not.toContain('\n');
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(['stranger']);
  });

  test('is not made where a folder stands or where its own folder would be a file', async () => {
    await mkdir(join(folder, 'below'));
    await expect(openGraph({ ...options(), path: join(folder, 'below') })).rejects.toThrow(GraphFileError);
    await writeFile(join(folder, 'file'), '');
    await expect(openGraph({ ...options(), path: join(folder, 'file', 'graph') })).rejects.toThrow(GraphFileError);
    expect(await readdir(folder)).toEqual(['below', 'file']);
  });
});

async function writeDatabase(path: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

async function writeHalfDatabase(path: string): Promise<void> {
  await writeDatabase(path, 'CREATE TABLE notes AS SELECT range AS n, hash(range) AS h FROM range(300000)');
  await truncate(path, Math.floor((await stat(path)).size / 2));
}
