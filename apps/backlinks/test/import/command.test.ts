import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readParts, rowsPath } from '../../src/import/part-files.js';
import { members, response } from './archives.js';

const COMMAND = fileURLToPath(new URL('../../dist/graph-main.js', import.meta.url));

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'));
  await mkdir(join(folder, 'crawl'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The built command, on the parts and the graph of this test unless the words name others. */
function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [COMMAND, 'import', '--into', join(folder, 'graph.duckdb'), ...words], {
    cwd: folder,
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
  return { child, ended };
}

const parts = () => join(folder, 'graph.parts');

async function linksOfParts() {
  const names = (await readParts(parts())).map(({ name }) => rowsPath(parts(), 'links', name));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT url_from, url_to FROM read_parquet([${names.map((name) => `'${name}'`)}]) ORDER BY ALL`,
  );
  connection.closeSync();
  instance.closeSync();
  return reader.getRows().map((row) => row.join(' > '));
}

function crawlOf(site: string, pages: number): Buffer {
  return members(
    Array.from({ length: pages }, (_, n) =>
      response({ uri: `http://${site}/${n}`, body: `<a href="http://goal.com/${n}">x</a><a href="/in">y</a>` }),
    ),
  );
}

const linksOf = (site: string, pages: number) =>
  Array.from({ length: pages }, (_, n) => `http://${site}/${n} > http://goal.com/${n}`);

test('a folder of archives and tables becomes parts, which a second import finds there', async () => {
  await writeFile(join(folder, 'crawl', 'a.warc.gz'), crawlOf('a.com', 3));
  await writeFile(join(folder, 'crawl', 'copy.warc.gz'), crawlOf('a.com', 3));
  await writeFile(join(folder, 'crawl', 'b.csv'), 'from,to\nhttp://b.com/1,http://goal.com/1\n');
  const first = await start('crawl').ended;
  expect(first).toMatchObject({ code: 0, said: expect.stringContaining('3 of 3 files are in: 7 records') });
  const links = [...linksOf('a.com', 3), 'http://b.com/1 > http://goal.com/1'];
  expect(await linksOfParts()).toEqual(links);
  const heads = await readdir(parts());
  const made = await Promise.all(heads.map(async (name) => (await stat(join(parts(), name))).mtimeMs));
  const second = await start('crawl/*.gz', 'crawl/b.csv').ended;
  expect(second).toMatchObject({ code: 0, said: expect.stringContaining('3 had been read before') });
  expect(await Promise.all(heads.map(async (name) => (await stat(join(parts(), name))).mtimeMs))).toEqual(made);
  // Of equal files the one finds the other's part, or not: both are made at once.
  const within = await start('crawl/a.warc.gz', 'crawl/b.csv', '--internal').ended;
  expect(within.said).not.toContain('had been read before');
  expect(await linksOfParts()).toHaveLength(links.length + 3);
});

test('what cannot be read is told in a sentence each, and the rest is read', async () => {
  await writeFile(join(folder, 'crawl', 'a.warc.gz'), crawlOf('a.com', 2));
  for (const name of ['empty', 'nothing']) await writeFile(join(folder, 'crawl', `${name}.warc`), '');
  await writeFile(join(folder, 'crawl', 'page.html'), '<html>');
  await promisify(execFile)('mkfifo', [join(folder, 'pipe')]);
  await writeFile(join(folder, 'elsewhere'), crawlOf('b.com', 1));
  for (const goal of ['elsewhere', 'crawl', 'pipe', 'nothing'])
    await symlink(`../${goal}`, join(folder, 'crawl', `to-${goal}`));
  const { code, said } = await start('crawl', 'pipe', 'nowhere.warc', 'no*.warc').ended;
  expect(code).toBe(1);
  expect(said.split('\n')).toEqual(
    expect.arrayContaining([
      'pipe is neither a file nor a folder: write what it gives into a file first.',
      'nowhere.warc does not exist.',
      'No file has a name like no*.warc.',
      'crawl/empty.warc is empty (and so crawl/nothing.warc).',
      expect.stringMatching(/^crawl\/page\.html has none of the forms/),
      '2 of 5 files are in: 3 records, 3 fetches of pages, 3 links.',
    ]),
  );
  expect(await linksOfParts()).toEqual([...linksOf('a.com', 2), ...linksOf('b.com', 1)]);
});

test('an import that is killed has its whole parts, and the next one makes the others', async () => {
  for (const site of ['a.com', 'b.com', 'c.com', 'd.com']) {
    await writeFile(join(folder, 'crawl', `${site}.warc.gz`), crawlOf(site, 400));
  }
  const { child, ended } = start('crawl');
  await expect
    .poll(() =>
      readdir(parts()).then(
        (names) => names.some((name) => name.endsWith('.json')),
        () => false,
      ),
    )
    .toBe(true);
  child.kill('SIGKILL');
  await ended;
  const whole = await readParts(parts());
  const { code, said } = await start('crawl').ended;
  expect(code).toBe(0);
  expect(said).toContain(`${whole.length} had been read before`);
  expect(await linksOfParts()).toHaveLength(1600);
});

test('a process that dies costs the file that it reads', async () => {
  await writeFile(
    join(folder, 'crawl', 'large.warc'),
    Buffer.concat(Array.from({ length: 10_000 }, () => response({ uri: 'http://a.com/', body: '<p>x'.repeat(200) }))),
  );
  const { child, ended } = start('crawl');
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  await expect.poll(() => readFile(children, 'utf8')).toMatch(/\d/);
  process.kill(Number((await readFile(children, 'utf8')).trim().split(' ')[0]), 'SIGKILL');
  await writeFile(join(folder, 'crawl', 'b.warc.gz'), gzipSync(response({ uri: 'http://b.com/', body: '' })));
  const { code, said } = await ended;
  expect(code).toBe(1);
  expect(said).toContain('crawl/large.warc ended the process that read it (SIGKILL).');
  expect((await start('crawl').ended).code).toBe(0);
});

/** The process of the command that builds the graph. */
async function buildProcess(command: number): Promise<number | undefined> {
  const children = await readFile(`/proc/${command}/task/${command}/children`, 'utf8');
  const pids = children.trim().split(' ').filter(Boolean).map(Number);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids[names.findIndex((name) => name.includes('build-process'))];
}

/** Stops the process that builds as soon as it is there: nothing of it is over then. */
async function stoppedBuild(command: number): Promise<number> {
  await expect.poll(() => buildProcess(command)).toBeDefined();
  const pid = (await buildProcess(command)) ?? 0;
  process.kill(pid, 'SIGSTOP');
  return pid;
}

test('a build that dies or is stopped leaves the older graph as it is, and nothing else', async () => {
  await writeFile(join(folder, 'a.csv'), 'from,to\nhttp://a.com/1,http://goal.com/1\n');
  expect(await start('a.csv').ended).toMatchObject({ code: 0 });
  const graph = join(folder, 'graph.duckdb');
  const before = await readFile(graph);
  const dying = start('a.csv');
  const dead = await stoppedBuild(dying.child.pid ?? 0);
  // DuckDB takes less memory so.
  expect(await readFile(`/proc/${dead}/environ`, 'utf8')).toContain('MALLOC_ARENA_MAX=2');
  process.kill(dead, 'SIGKILL');
  const { code, said } = await dying.ended;
  expect({ code, said }).toEqual({
    code: 1,
    said: expect.stringContaining(`${graph} was not made: its process ended (SIGKILL).`),
  });
  const interrupted = start('a.csv');
  const stopped = await stoppedBuild(interrupted.child.pid ?? 0);
  interrupted.child.kill('SIGINT');
  process.kill(stopped, 'SIGCONT');
  expect(await interrupted.ended).toMatchObject({ code: 130 });
  expect((await readFile(graph)).equals(before)).toBe(true);
  expect((await readdir(folder)).toSorted()).toEqual(['a.csv', 'crawl', 'graph.duckdb', 'graph.parts']);
});

/** Only root may mount a small disk, and not in every container. */
const canMount = await smallDisk(tmpdir()).then(
  (disk) => disk.remove().then(() => true),
  () => false,
);

async function smallDisk(within: string) {
  const path = await mkdtemp(join(within, 'disk-'));
  try {
    await promisify(execFile)('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', path]);
  } catch (error) {
    await rm(path, { recursive: true });
    throw error;
  }
  const remove = async () => {
    await promisify(execFile)('umount', [path]);
    await rm(path, { recursive: true });
  };
  return { path, remove };
}

test.skipIf(!canMount)('a full disk is told by each step, and the older graph stays as it is', async () => {
  const disk = await smallDisk(folder);
  try {
    const graph = join(disk.path, 'graph.duckdb');
    const onDisk = (...words: readonly string[]) => start(...words, '--into', graph).ended;
    await writeFile(join(folder, 'a.csv'), 'from,to\nhttp://a.com/1,http://goal.com/1\n');
    await writeFile(join(folder, 'b.csv'), 'from,to\nhttp://b.com/1,http://goal.com/1\n');
    expect(await onDisk('a.csv')).toMatchObject({ code: 0 });
    const before = await readFile(graph);
    await expect(writeFile(join(disk.path, 'filler'), Buffer.alloc(32 * 1024 * 1024))).rejects.toThrow('ENOSPC');
    const full = await onDisk('b.csv');
    expect(full.code).toBe(1);
    expect(full.said).toContain(`b.csv has no part: the disk of ${join(disk.path, 'graph.parts')} is full.`);
    expect(full.said).toContain(`${graph} could not be made`);
    expect(full.said).toContain('set --into to a file that can be written, with room for it.');
    expect((await readFile(graph)).equals(before)).toBe(true);
    expect((await readdir(disk.path)).toSorted()).toEqual(['filler', 'graph.duckdb', 'graph.parts']);
  } finally {
    await disk.remove();
  }
});

test.each([
  [[], 'Usage: linkhaul-graph import SOURCE…'],
  [['--what'], "Unknown option '--what'"],
])('words that mean nothing are told: %j', async (words, sentence) => {
  const { code, said } = await start(...words).ended;
  expect(code).toBe(1);
  expect(said).toContain(sentence);
});
