import { copyFile, mkdtemp, open, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { isThorough } from '../../../e2e/env.js';
import { type BacklinksProcess, type Env, spawnOn } from './backlinks-process.js';

/** A graph that a process has made, to be copied to where it is to be found. */
let made = '';
let maker: BacklinksProcess;
beforeAll(async () => {
  made = join(await mkdtemp(join(tmpdir(), 'backlinks-')), 'graph.duckdb');
  maker = await startOn(made);
  maker.kill('SIGTERM');
  await maker.code;
});
afterAll(() => rm(dirname(made), { recursive: true }));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backlinks-'));
});
const running = new Set<BacklinksProcess>();
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  await rm(folder, { recursive: true });
});

/** The built process on a graph's file, until the end of the test. */
function spawnHere(path: string, env: Env = {}) {
  const spawned = spawnOn(path, env);
  running.add(spawned);
  return spawned;
}

/** The same, until it listens or ends. */
async function startOn(path: string, env: Env = {}) {
  const started = spawnHere(path, env);
  await Promise.race([started.listening, started.code]);
  return started;
}

/** A process that makes a graph of many links, as soon as there is something of it in the folder. */
async function startMaking() {
  const before = await readdir(folder);
  const events = watch(folder)[Symbol.asyncIterator]();
  // It listens from when it is first asked.
  let event = events.next();
  const making = spawnHere(join(folder, 'graph.duckdb'), { BACKLINKS_DOMAINS: '20000', BACKLINKS_LINKS: '1500000' });
  while (before.includes((await event).value?.filename ?? '')) event = events.next();
  await events.return?.();
  return making;
}

async function expectSentence({ lines, code }: BacklinksProcess, about: string) {
  expect(await code).toBe(1);
  expect(lines.at(-1)).toMatchObject({ level: 'fatal', msg: expect.stringContaining(about) });
  expect(JSON.stringify(lines.at(-1))).not.toContain('    at ');
}

test('a file that holds something else ends the process with one sentence', async () => {
  const path = join(folder, 'notes.txt');
  await writeFile(path, 'not a graph');
  const started = await startOn(path);
  await expectSentence(started, path);
  expect(started.lines).toHaveLength(1);
  expect(await readFile(path, 'utf8')).toBe('not a graph');
});

test.each([
  ['a folder that no one can make', { BACKLINKS_DATA: '/proc/none/below/graph.duckdb' }, 'BACKLINKS_DATA'],
  ['hardly any memory', { BACKLINKS_MEMORY: '1MB' }, 'BACKLINKS_MEMORY'],
  ['more memory than can be said', { BACKLINKS_MEMORY: '99999999TB' }, 'BACKLINKS_MEMORY'],
  ['an address of another machine', { HOST: '192.0.2.1' }, 'PORT'],
])('%s ends the process with one sentence', async (_, env, name) => {
  await expectSentence(await startOn(join(folder, 'graph.duckdb'), env), name);
  expect(await readdir(folder)).toEqual([]);
});

test('hardly any memory for a graph that is there ends the process with one sentence', async () => {
  const path = join(folder, 'graph.duckdb');
  await copyFile(made, path);
  await expectSentence(await startOn(path, { BACKLINKS_MEMORY: '1KB' }), 'BACKLINKS_MEMORY');
  expect(await readdir(folder)).toEqual(['graph.duckdb']);
});

test('two processes that start on the same missing file both serve it', async () => {
  const path = join(folder, 'graph.duckdb');
  const both = await Promise.all([startOn(path), startOn(path)]);
  for (const { lines } of both) expect(lines.at(-1)).toMatchObject({ msg: 'listening', domains: 50, links: 1000 });
  for (const { kill } of both) kill('SIGTERM');
  expect(await Promise.all(both.map(({ code }) => code))).toEqual([0, 0]);
  expect(await readdir(folder)).toEqual(['graph.duckdb']);
});

test('a graph is announced when it is made, and only then', async () => {
  // A slow machine says now and then that it is still at it.
  const said = maker.lines.map(({ msg }) => msg).filter((msg) => msg !== 'still making the graph');
  expect(said.slice(0, said.indexOf('listening') + 1)).toEqual(['making the graph', 'graph ready', 'listening']);
  expect(maker.lines[0]).toMatchObject({ path: made, seed: 1, domains: 50, links: 1000 });
  const second = await startOn(made);
  expect(second.lines.map(({ msg }) => msg)).toEqual(['graph ready', 'listening']);
});

test('a taken port ends the process before a graph is made or replaced', async () => {
  const path = join(folder, 'graph.duckdb');
  await copyFile(made, path);
  const first = await startOn(path);
  const port = String(first.lines.at(-1)?.port);
  const before = await readFile(path);
  await expectSentence(await startOn(path, { PORT: port, BACKLINKS_SEED: '2' }), port);
  expect((await readFile(path)).equals(before)).toBe(true);
  await expectSentence(await startOn(join(folder, 'other.duckdb'), { PORT: port }), port);
  expect(await readdir(folder)).toEqual(['graph.duckdb']);
});

test.each(isThorough ? (['SIGTERM', 'SIGINT'] as const) : (['SIGTERM'] as const))(
  '%s while the graph is made leaves nothing of it',
  async (signal) => {
    const making = await startMaking();
    expect(await readdir(folder)).not.toEqual([]);
    making.kill(signal);
    expect(await making.code).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  },
);

test('what a killed process left is taken away at the next start, what a living one makes is not', async () => {
  const killed = await startMaking();
  killed.kill('SIGKILL');
  await killed.code;
  const left = await readdir(folder);
  expect(left).not.toEqual([]);
  const living = await startMaking();
  await copyFile(made, join(folder, 'graph.duckdb'));
  await startOn(join(folder, 'graph.duckdb'));
  const names = await readdir(folder);
  expect(names.filter((name) => left.includes(name))).toEqual([]);
  expect(names.filter((name) => name.includes('.making-'))).not.toEqual([]);
  living.kill('SIGTERM');
  await living.code;
  expect(await readdir(folder)).toEqual(['graph.duckdb']);
});

test('damage that a query finds ends the process with one sentence', async () => {
  const path = join(folder, 'graph.duckdb');
  const large = { BACKLINKS_DOMAINS: '300', BACKLINKS_LINKS: '50000' };
  const first = await startOn(path, large);
  first.kill('SIGTERM');
  await first.code;
  await damage(path, 'links');
  const damaged = await readFile(path);
  const second = await startOn(path, large);
  const { port } = z.object({ port: z.number() }).parse(second.lines.at(-1));
  const asked = fetch(`http://127.0.0.1:${port}/v3/backlinks/referring_domains/live`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('local:local').toString('base64')}` },
    body: JSON.stringify([{ target: 'cnn.com' }]),
  });
  await expect(asked).rejects.toThrow();
  await expectSentence(second, path);
  expect(second.lines.at(-1)?.msg).toContain('BACKLINKS_DATA');
  expect((await readFile(path)).equals(damaged)).toBe(true);
});

/** Where DuckDB's blocks begin, and how large they are. */
const [BLOCKS_AT, BLOCK_BYTES] = [12_288, 262_144];

/** Turns over some bytes of each block that holds rows of this table alone. */
async function damage(path: string, table: string): Promise<void> {
  const instance = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const blocksOf = async (name: string) => {
    const reader = await connection.runAndReadAll(
      `SELECT DISTINCT block_id::INTEGER AS id FROM pragma_storage_info('${name}') WHERE block_id >= 0`,
    );
    return z.array(z.object({ id: z.number() })).parse(reader.getRowObjectsJS());
  };
  const others = await blocksOf('generator');
  const blocks = (await blocksOf(table)).filter(({ id }) => others.every((other) => other.id !== id));
  connection.closeSync();
  instance.closeSync();
  const file = await open(path, 'r+');
  const bytes = Buffer.alloc(64, 0xa5);
  for (const { id } of blocks) await file.write(bytes, 0, bytes.length, BLOCKS_AT + id * BLOCK_BYTES + 5000);
  await file.close();
}
