import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, inject, test } from 'vitest';
import { exportGraph } from '../../src/clickhouse/export.js';
import { openClickHouse } from '../../src/clickhouse/open.js';
import { parseCommand } from '../../src/import/command.js';
import { spawnOn } from '../backlinks-process.js';
import { openSmallGraph } from '../support.js';

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that answers every query like a ClickHouse, and its address. */
async function serverSaying(status: number, text: string): Promise<string> {
  const answering = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end(text));
  });
  server = answering;
  const port = await new Promise<number>((resolve) => {
    answering.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = answering.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return `clickhouse://me:pass@127.0.0.1:${port}/links`;
}

const REFUSALS: [about: string, status: number, text: string, sentence: string][] = [
  [
    'a wrong password',
    403,
    'Code: 516. DB::Exception: me: Authentication failed: password is incorrect. (AUTHENTICATION_FAILED)',
    'does not take the password of me: check both',
  ],
  [
    'a missing database',
    404,
    'Code: 81. DB::Exception: Database links does not exist. (UNKNOWN_DATABASE)',
    'has no database links: export a graph into it first',
  ],
  [
    'missing tables',
    404,
    "Code: 60. DB::Exception: Unknown table expression identifier 'generator'. (UNKNOWN_TABLE)",
    'holds no whole graph: export one into it first',
  ],
  ['a graph that is not whole', 200, '', 'holds no whole graph: export one into it first'],
  ['a table of somebody else', 200, '{"id":1}\n', 'has a table generator that this program did not make'],
  [
    'missing rights',
    403,
    'Code: 497. DB::Exception: me: Not enough privileges. (ACCESS_DENIED)',
    'me may not do this in the database links',
  ],
  [
    'an old server',
    400,
    "Code: 115. DB::Exception: Unknown setting 'enable_materialized_cte'. (UNKNOWN_SETTING)",
    'too old for these queries: take a newer one',
  ],
  [
    'anything else',
    500,
    'Code: 241. DB::Exception: Memory limit exceeded. More of it. (MEMORY_LIMIT_EXCEEDED)',
    'cannot serve the graph (Memory limit exceeded)',
  ],
];

function addressIn(url: string) {
  const command = parseCommand(['export', '--clickhouse', url], { graph: 'graph.duckdb', engine: undefined });
  if ('problem' in command || command.command !== 'export' || command.to === null) throw new Error('no export');
  return command.to;
}

test.each(REFUSALS)('%s is told in one sentence', async (_, status, text, sentence) => {
  const url = await serverSaying(status, text);
  const refused = await openClickHouse(addressIn(url), 1000).catch((error: unknown) => error);
  expect(String(refused)).toContain(sentence);
  expect(String(refused)).not.toMatch(/\n|pass@/);
});

test('a server that is not there ends the process with one sentence', async () => {
  const url = await serverSaying(200, '');
  await new Promise((resolve) => server?.close(resolve));
  const { code, lines } = spawnOn(':memory:', { BACKLINKS_ENGINE: url });
  expect(await code).toBe(1);
  expect(lines).toMatchObject([{ level: 'fatal', msg: expect.stringContaining('cannot be reached') }]);
  expect(JSON.stringify(lines)).not.toContain('pass@');
});

/** Runs an export of the small graph, and gives what it says. */
async function exported(words: readonly string[]) {
  const [screen, output] = [texts(), texts()];
  const defaults = { graph: join(inject('graphs'), 'small.duckdb'), engine: undefined };
  const command = parseCommand(['export', ...words], defaults);
  if ('problem' in command || command.command !== 'export') throw new Error('no export');
  const { signal } = new AbortController();
  const done = await exportGraph(command, { screen, output, signal, memory: '500MB' });
  return { done, screen: screen.said.join(''), output: output.said.join('') };
}

function texts() {
  const said: string[] = [];
  return { said, write: (text: string) => said.push(text) > 0 };
}

beforeAll(async () => (await openSmallGraph()).close());

test('an export that is refused says why', async () => {
  const url = await serverSaying(403, 'Code: 516. DB::Exception: me: Authentication failed. (AUTHENTICATION_FAILED)');
  const { done, screen } = await exported(['--clickhouse', url]);
  expect(done).toBe(false);
  expect(screen).toMatch(/^127\.0\.0\.1:\d+ does not take the password of me: check both\.\n$/);
});

test('an export of what is no graph says so', async () => {
  const { done, screen } = await exported(['--clickhouse', await serverSaying(200, ''), '--from', 'package.json']);
  expect(done).toBe(false);
  expect(screen).toMatch(
    /^package\.json cannot serve as the graph .*; set --from to another file, or move this one away\.\n$/,
  );
});

test('the tables are printed', async () => {
  const { done, output } = await exported(['--ddl']);
  expect(done).toBe(true);
  expect(output.match(/(?<=EXISTS )\w+/g)).toEqual([
    'links',
    'pages',
    'hosts',
    'domains',
    'host_tree',
    'attribute_sets',
    'platform_sets',
    'page_summaries',
    'host_summaries',
    'tree_summaries',
    'generator',
  ]);
  const [links = ''] = output.split(';');
  expect(links).toContain(
    '  target_page Int32,\n  target_host Int32,\n  target_domain Int32,\n  via_page Nullable(Int32),',
  );
  expect(links).toContain("  first_seen Nullable(DateTime64(6, 'UTC')),");
  expect(links).toContain('  INDEX by_target_page target_page TYPE minmax\n');
  expect(links).toMatch(/\) ENGINE = MergeTree ORDER BY \(target_domain, target_host, target_page, link_id\)$/);
  expect(output).toMatch(
    /CREATE TABLE IF NOT EXISTS page_summaries [^;]* ORDER BY \(key_hash, key\) SETTINGS index_granularity = 256;/,
  );
  expect(output).toMatch(
    /CREATE TABLE IF NOT EXISTS generator [^;]*spam_of_nothing Nullable\(Int8\)[^;]* ORDER BY \(\);/,
  );
});

test.each([
  [['export'], 'Name a ClickHouse by --clickhouse.'],
  [['export', 'x.warc', '--ddl'], 'export takes no sources'],
  [['export', '--clickhouse', 'http://host'], '--clickhouse must be a URL such as clickhouse://'],
])('%j is refused', (words, problem) => {
  expect(parseCommand(words, { graph: 'graph.duckdb', engine: undefined })).toEqual({
    problem: expect.stringContaining(problem),
  });
});

test('an export goes to BACKLINKS_ENGINE unless the words name another', () => {
  const engine = addressIn('clickhouse://host/links');
  expect(parseCommand(['export'], { graph: 'graph.duckdb', engine })).toEqual({
    command: 'export',
    from: 'graph.duckdb',
    to: engine,
  });
});
