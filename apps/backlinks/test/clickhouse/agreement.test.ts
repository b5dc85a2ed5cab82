import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EndpointName, endpointName } from '@linkhaul/schemas';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { isThorough, tries } from '../../../../e2e/env.js';
import { loadGraph } from '../../src/clickhouse/load.js';
import { openClickHouse } from '../../src/clickhouse/open.js';
import { type Graph, openFile } from '../../src/graph/open.js';
import { buildGraph } from '../../src/import/build/build.js';
import { makePart } from '../../src/import/make-part.js';
import { runTask } from '../../src/run-task.js';
import { writeParts } from '../imported-graph.js';
import { isBulk } from '../oracle/answer.js';
import { everyNull, everyOperator } from '../oracle/cases.js';
import { CONSTANT_FIELDS } from '../oracle/fields.js';
import { itemsPart, linksPart, planOf } from '../oracle/plan.js';
import { spread } from '../oracle/pools.js';
import { bulkTask, listTask, type Targets } from '../oracle/requests.js';
import { targetsIn } from '../oracle/targets.js';
import { allOf, type Vocabularies, vocabulariesOf } from '../oracle/vocabulary.js';
import { readWorld, type World } from '../oracle/world.js';
import { MEANS, openSmallGraph, SMALL } from '../support.js';
import { hasChdb, startClickHouse } from './chdb.js';

if (!hasChdb) process.stderr.write('ClickHouse is not tried: CHDB names no folder in which chdb is installed\n');

const BULKS = endpointName.options.filter(isBulk);
const RICH = ['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk'];
const BASES = RICH.map((target) => ({ ...allOf('referring_domains'), target, limit: 1000 }));
const NAMED = { file: '--from', memory: 'BACKLINKS_MEMORY' };
const OFTEN = { numRuns: tries(12) };

/** Of what the graph of domains holds, pages know `forbes.com`. */
const WEB = ['alone.org', 'other.net', 'forbes.com', 'far.example'];
const OF_TIER = [
  'alone.org',
  'www.alone.org',
  'https://alone.org/page',
  'other.net',
  'far.example',
  'forbes.com',
  'no.dev',
];

async function writeWebGraph(folder: string, parts: string): Promise<void> {
  const write = async (kind: string, lines: readonly string[]) => {
    const path = join(folder, `cc-main-2025-may-jun-jul-domain-${kind}.txt`);
    await writeFile(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const backwards = WEB.map((name) => name.split('.').toReversed().join('.'));
  await write(
    'vertices',
    backwards.map((name, id) => `${id}\t${name}`),
  );
  const files = [
    await write('edges', ['1\t0', '2\t0', '3\t0', '0\t1']),
    await write('ranks', [
      '#harmonicc_pos\t#harmonicc_val\t#pr_pos\t#pr_val\t#host_rev\t#n_hosts',
      ...backwards.slice(0, 3).map((name, at) => `${at}\t1E7\t${at}\t${0.5 / (at + 1)}\t${name}\t1`),
    ]),
  ];
  for (const file of files) {
    await makePart(file, { folder: parts, options: { internal: false, only: null }, onStep: () => {} });
  }
}

/** The file of each graph, by what is in it. */
const FILES = {
  'a generated graph': async () => {
    (await openSmallGraph()).close();
    return join(inject('graphs'), 'small.duckdb');
  },
  'an imported graph with a web graph': async (folder: string) => {
    const [parts, path] = [join(folder, 'parts'), join(folder, 'graph.duckdb')];
    await writeParts(parts);
    await writeWebGraph(folder, parts);
    await buildGraph(parts, { path, memory: '1GB', threads: 1 });
    return path;
  },
};

const results = z.array(z.looseObject({ items: z.array(z.looseObject({})).nullable() })).nullable();

/** What a task comes to, as text, because the order of a map's entries counts. That of the items of a bulk call is any. */
async function answerOf(graph: Graph, name: EndpointName, task: object): Promise<{ code: number; result: string }> {
  const account = { login: 'local', now: 0, tokensLastMs: null };
  const { code, result } = await runTask(graph, { name, task: { ...task } }, account);
  const parsed = results.parse(JSON.parse(result ?? 'null'));
  const sorted = parsed?.map((one) => ({
    ...one,
    items: isBulk(name) ? one.items?.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) : one.items,
  }));
  return { code, result: JSON.stringify(sorted, null, 1) };
}

function keyOf(item: Readonly<Record<string, unknown>>): string {
  return String(item.target ?? item.url);
}

describe.skipIf(!hasChdb).each(Object.entries(FILES))('ClickHouse answers as DuckDB does, over %s', (name, fileOf) => {
  let folder = '';
  let clickHouse: Awaited<ReturnType<typeof startClickHouse>>;
  let [duck, loaded]: [Graph?, Graph?] = [];
  let world: World;
  let vocabularies: Vocabularies;
  let targets: Targets;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'clickhouse-'));
    const path = await fileOf(folder);
    clickHouse = await startClickHouse();
    const address = clickHouse.addressOf('graph');
    const { signal } = new AbortController();
    await loadGraph({ path, memory: '1GB', named: NAMED }, address, { signal, onTable: () => {} });
    duck = await openFile({ ...MEANS, path, settings: SMALL });
    loaded = await openClickHouse(address, MEANS.queryTimeoutMs);
    world = await readWorld(duck);
    vocabularies = vocabulariesOf(world, RICH);
    targets = targetsIn(world, RICH);
  });
  afterAll(async () => {
    duck?.close();
    loaded?.close();
    await clickHouse.stop();
    await rm(folder, { recursive: true });
  });

  /** Asks both, and answers how many items there are. */
  async function agree(endpoint: EndpointName, task: object): Promise<void> {
    if (duck === undefined || loaded === undefined) throw new Error('the graphs are not open');
    expect(await answerOf(loaded, endpoint, task), `${endpoint} ${JSON.stringify(task)}`).toEqual(
      await answerOf(duck, endpoint, task),
    );
  }

  test.each(BULKS)('%s', async (endpoint) => {
    await fc.assert(
      fc.asyncProperty(bulkTask(endpoint, targets), (task) => agree(endpoint, task)),
      OFTEN,
    );
    await agree(endpoint, { targets: OF_TIER, ...(endpoint.includes('new_lost') ? { date_from: '2026-01-01' } : {}) });
  });

  test('referring_domains', async () => {
    const tasks = listTask('referring_domains', vocabularies, targets);
    await fc.assert(
      fc.asyncProperty(tasks, (task) => agree('referring_domains', task)),
      OFTEN,
    );
    for (const target of OF_TIER) {
      await agree('referring_domains', { target, order_by: ['domain,desc'], filters: ['rank', '<>', 5], limit: 2 });
    }
  });

  test('referring_domains with each field and operator', async () => {
    const [items, links] = [itemsPart(world, 'referring_domains', BASES), linksPart(world, CONSTANT_FIELDS)];
    for (const part of [items, links]) {
      const pairs = [...everyOperator(part.names, part.known), ...everyNull(part.names)];
      const some = isThorough ? pairs : spread(pairs).slice(0, Math.ceil(pairs.length / 4));
      for (const task of planOf(BASES, part, some).tasks) await agree('referring_domains', task);
    }
  });

  test('the graph tells the same of itself, and refuses the other endpoints', async () => {
    expect(loaded?.origin).toEqual(duck?.origin);
    expect(loaded?.counts).toEqual(duck?.counts);
    const others = endpointName.options.filter((one) => !isBulk(one) && one !== 'referring_domains');
    for (const endpoint of others) {
      const outcome = loaded && (await answerOf(loaded, endpoint, { target: 'forbes.com' }));
      expect(outcome, `${name} ${endpoint}`).toMatchObject({ code: 50100 });
    }
  });
});
