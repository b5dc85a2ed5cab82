import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePart } from '../../src/import/make-part.js';
import type { PartKind } from '../../src/import/part.js';
import { readParts, rowsPath } from '../../src/import/part-files.js';
import { releaseOf } from '../../src/import/webgraph/release.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'webgraph-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

const parts = () => join(folder, 'parts');
const make = (path: string, only: string[] | null = null) =>
  makePart(path, { folder: parts(), options: { internal: false, only }, onStep: () => {} });

async function rowsOf(kind: PartKind) {
  const [part] = await readParts(parts());
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`FROM '${rowsPath(parts(), kind, part?.name ?? '')}'`);
  connection.closeSync();
  instance.closeSync();
  return reader.getRowsJS();
}

const HOSTS = [
  '0\tcom.a',
  '1\tcom.a.www',
  '2\torg.b.blog',
  '3\tuk.co.c',
  '4\tuk.co.c.www',
  '5\tlocal',
  '6\tio.github.d',
].join('\n');

test('edges between hosts are edges between their domains, each once', async () => {
  await write('cc-host-vertices.txt.gz', `${HOSTS}\n`);
  const edges = await write('cc-host-edges.txt.gz', '0\t1\n0\t2\n1\t2\n3\t0\n4\t0\n5\t0\n2\t6\n2\t99\n');
  const made = await make(edges);
  expect(made).toMatchObject({
    ok: true,
    isNew: true,
    head: { source: { form: 'webgraph' }, counts: { records: 3, pages: 0, links: 0, edges: 3 }, first_date: null },
  });
  expect(await rowsOf('edges')).toEqual([
    ['c.co.uk', 'a.com'],
    ['a.com', 'b.org'],
    ['b.org', 'd.github.io'],
  ]);
  expect(await make(edges)).toMatchObject({ ok: true, isNew: false });
  expect(await make(edges, ['b.org'])).toMatchObject({ ok: true, isNew: true, head: { counts: { edges: 1 } } });
  expect(await rowsOf('edges')).toEqual([['a.com', 'b.org']]);
});

test('ranks of hosts are refused', async () => {
  const ranks = await write('cc-main-2025-aug-sep-oct-host-ranks.txt', '1\t2.5E7\t2\t0.015\tcom.a.www\n');
  expect(await make(ranks)).toEqual({ ok: false, why: expect.stringContaining('ranks hosts') });
});

test('ranks of domains', async () => {
  const ranks = await write(
    'cc-domain-ranks.txt',
    '#harmonicc_pos\t#harmonicc_val\t#pr_pos\t#pr_val\t#host_rev\t#n_hosts\n1\t2.5E7\t2\t0.015\tcom.facebook\t3632\nbroken\n2\t2.4E7\t1\t0.02\tcom.Google\t12\n',
  );
  const made = await make(ranks);
  expect(made).toMatchObject({
    head: { counts: { records: 2, edges: 0 }, left_out: [{ reason: 'broken_line', count: 1 }] },
  });
  expect(await rowsOf('ranks')).toEqual([
    ['facebook.com', 1n, 2.5e7, 2n, 0.015, 3632n],
    ['google.com', 2n, 2.4e7, 1n, 0.02, 12n],
  ]);
});

test.each([
  ['without the names of its columns', ''],
  ['with their names', 'harmonic_pos\tharmonic_val\tpr_pos\tpr_val\thost_rev\n'],
])('ranks %s, and without numbers of hosts', async (_, header) => {
  const ranks = await write('ranks.txt', `${header}1\t2.5E7\t2\t0.015\tcom.a.www\n2\t2.4E7\t1\t0.02\torg.b\n`);
  expect(await make(ranks)).toMatchObject({ head: { counts: { records: 2 }, left_out: [] } });
  expect(await rowsOf('ranks')).toEqual([
    ['a.com', 1n, 2.5e7, 2n, 0.015, null],
    ['b.org', 2n, 2.4e7, 1n, 0.02, null],
  ]);
});

test('what stands beside the bytes of a file, and decides its rows, makes it another source', async () => {
  await write('cc-vertices.txt', '0\tcom.a\n1\tcom.b\n');
  const edges = await write('cc-edges.txt', '0\t1\n');
  expect(await make(edges)).toMatchObject({ ok: true, isNew: true });
  await write('cc-vertices.txt', '0\tcom.a\n1\tcom.c\n');
  expect(await make(edges)).toMatchObject({ ok: true, isNew: true });
  for (const site of ['b.com', 'c.com']) {
    const links = await write(`${site}-Latest links.csv`, 'Linking page\nhttps://a.com/1\n');
    expect(await make(links)).toMatchObject({ ok: true, isNew: true, head: { source: { form: 'search_console' } } });
  }
  expect(await readParts(parts())).toHaveLength(4);
  const copy = await write('b.com-Sample links.csv', 'Linking page\nhttps://a.com/1\n');
  expect(await make(copy)).toMatchObject({ ok: true, isNew: false });
});

test('edges without vertices, and vertices without edges, are told', async () => {
  const edges = await write('cc-edges.txt', '0\t1\n');
  expect(await make(edges)).toEqual({ ok: false, why: expect.stringContaining('its vertices are not beside it') });
  const vertices = await write('cc-vertices.txt', '0\tcom.a\t3\n1\tcom.b\t1\n');
  expect(await make(vertices)).toEqual({ ok: false, why: expect.stringContaining('name the file of its edges') });
  expect(await make(edges)).toMatchObject({ ok: true, head: { counts: { edges: 1 } } });
});

test('vertices and edges that were put together of many packed files are read to their ends', async () => {
  const together = (...pieces: readonly string[]) => Buffer.concat(pieces.map((piece) => gzipSync(piece)));
  await writeFile(join(folder, 'cc-host-vertices.txt.gz'), together('0\tcom.a\n', '1\tcom.b\n', '2\tcom.c\n'));
  const edges = join(folder, 'cc-host-edges.txt.gz');
  await writeFile(edges, together('0\t1\n', '1\t2\n', '2\t0\n'));
  expect(await make(edges)).toMatchObject({ ok: true, head: { counts: { edges: 3 }, left_out: [] } });
});

test('of a web graph in many files none is read as if it were whole', async () => {
  for (const kind of ['vertices', 'edges']) await mkdir(join(folder, 'host', kind), { recursive: true });
  for (const part of ['part-00000-1f.c000.txt', 'part-00001-2e.c000.txt']) {
    const vertices = await write(`host/vertices/${part}`, `${HOSTS}\n`);
    const edges = await write(`host/edges/${part}`, '0\t2\n');
    for (const path of [vertices, edges]) {
      expect(await make(path)).toEqual({ ok: false, why: expect.stringContaining('put all vertices into one file') });
    }
  }
  expect(await readParts(parts())).toEqual([]);
});

/** The files of a release of domains, in the form that Common Crawl publishes. */
const RELEASE = 'cc-main-2025-may-jun-jul-domain';

test('a release of domains has the dates of its months', async () => {
  await write(`${RELEASE}-vertices.txt.gz`, '0\tcom.a\t2\n1\torg.b\t1\n2\tuk.co.c\t41\n');
  const edges = await write(`${RELEASE}-edges.txt.gz`, '0\t1\n2\t0\n2\t1\n');
  const ranks = await write(
    `${RELEASE}-ranks.txt.gz`,
    '#harmonicc_pos\t#harmonicc_val\t#pr_pos\t#pr_val\t#host_rev\t#n_hosts\n1\t3.0E7\t1\t0.016\tcom.a\t2\n2\t2.9E7\t2\t9.4E-4\torg.b\t1\n',
  );
  const dates = { first_date: '2025-05-01T00:00:00.000Z', last_date: '2025-07-31T23:59:59.000Z' };
  expect(await make(edges)).toMatchObject({ head: { counts: { edges: 3 }, left_out: [], ...dates } });
  expect(await make(ranks)).toMatchObject({ head: { counts: { records: 2 }, left_out: [], ...dates } });
});

test.each([
  ['2021-jun-jul-sep', '2021-06-01', '2021-09-30'],
  ['2024-feb-apr-may', '2024-02-01', '2024-05-31'],
  ['2017-18-nov-dec-jan', '2017-11-01', '2018-01-31'],
  ['2024-25-dec-jan-feb', '2024-12-01', '2025-02-28'],
])('the months of %s', (months, first, last) => {
  const release = releaseOf(`/data/cc-main-${months}-host-ranks.txt.gz`);
  expect(release?.name).toBe(`cc-main-${months}`);
  expect([release?.first, release?.last].map((date) => date?.toISOString().slice(0, 10))).toEqual([first, last]);
});

test('any other name tells no release', () => {
  expect(releaseOf('cc-main-2025-ranks.txt')).toBeNull();
});
