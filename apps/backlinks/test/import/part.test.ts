import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PART_VERSION, type PartHead, type PartKind } from '../../src/import/part.js';
import { readParts, rowsPath } from '../../src/import/part-files.js';
import { openPartWriter } from '../../src/import/part-writer.js';
import { linkSeen, pageFetched } from './rows.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const HEAD: PartHead = {
  version: PART_VERSION,
  source: { file: 'crawl.warc.gz', form: 'warc', sha256: 'abc', bytes: 10 },
  options: { internal: false, only: null },
  extractor: 1,
  counts: { records: 3, pages: 1, links: 2, edges: 0 },
  first_date: '2026-01-02T03:04:05Z',
  last_date: '2026-01-02T03:04:05Z',
  left_out: [{ reason: 'no html', count: 1, examples: [{ at: 17, message: 'image/png' }] }],
};

async function rowsOf(kind: PartKind, name: string) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`FROM '${rowsPath(folder, kind, name)}'`);
  connection.closeSync();
  instance.closeSync();
  return reader.getRowObjectsJS();
}

test('a part holds its rows in order, with nulls where the source does not know, and its head', async () => {
  const writer = await openPartWriter(folder, 'one');
  const known = linkSeen('https://a.com/', 'https://z.com/', {
    rel: ['nofollow', 'ugc'],
    nofollow: true,
    anchor: "it's",
  });
  const unknown = linkSeen('https://a.com/', 'https://b.com/', { nofollow: null, anchor: null });
  const page = pageFetched('https://a.com/', { status: 200, size: 5_000_000_000 });
  writer.link(known);
  writer.link(unknown);
  writer.page(page);
  await writer.end(HEAD);
  expect(await readParts(folder)).toEqual([{ name: 'one', head: HEAD }]);
  expect(await rowsOf('links', 'one')).toEqual([unknown, known]);
  expect(await rowsOf('pages', 'one')).toEqual([{ ...page, size: 5_000_000_000n }]);
});

test('a part of more rows than are handed over at once has all of them', async () => {
  const writer = await openPartWriter(folder, 'one');
  for (let i = 0; i < 5000; i++) writer.link(linkSeen(`https://a.com/${i}`, 'https://b.com/'));
  await writer.end(HEAD);
  expect(await rowsOf('links', 'one')).toHaveLength(5000);
});

test('a part that was not ended, or was abandoned, is not there, and leaves the one before it', async () => {
  const begun = await openPartWriter(folder, 'one');
  begun.page(pageFetched('https://a.com/'));
  expect(await readParts(folder)).toEqual([]);
  await begun.abandon();
  expect(await readdir(join(folder, 'links'))).toEqual([]);
  const whole = await openPartWriter(folder, 'one');
  await whole.end(HEAD);
  await (await openPartWriter(folder, 'one')).abandon();
  expect(await readParts(folder)).toEqual([{ name: 'one', head: HEAD }]);
});

test('a head of another form is refused by name', async () => {
  await writeFile(join(folder, 'two.json'), '{"version":0}');
  await expect(readParts(folder)).rejects.toThrow(join(folder, 'two.json'));
});
