import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readBytes } from './read.js';

test.each([
  ['an empty file', '', 'is empty'],
  ['blank lines', '\n\n\n', 'is no table of links'],
  [
    'a picture',
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(50, 3)]),
    'has none of the forms',
  ],
  ['a page', '<html><a href="http://a.com">', 'has none of the forms'],
  ['JSON', '{"url_from":"http://a.com/"}', 'has none of the forms'],
  ['an encrypted file', Buffer.concat([Buffer.from('Salted__'), randomBytes(100)]), 'is encrypted'],
  ['a message of PGP', '-----BEGIN PGP MESSAGE-----\n\nhQEMA\n', 'is encrypted'],
  ['Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), 'unpack it first, by `zstd -d`'],
  ['Zstandard with a dictionary', Buffer.from([0x5d, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 2]), 'a dictionary of its own'],
  [
    'gzip that is damaged from its start on',
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255]),
    'is damaged',
  ],
  ['a list of archives', 'crawl-data/CC-MAIN-2026-01/segments/1/warc/1.warc.gz\n', 'download what it lists'],
  [
    'a packed list of a web graph',
    gzipSync('projects/hyperlinkgraph/cc-main-2025-may-jun-jul/host/edges/part-00000.gz\n'),
    'download what it lists',
  ],
  ['a table of something else', 'name,age\nAnn,7\n', 'Its columns are name, age'],
])('%s is refused with a sentence', async (_, bytes, why) => {
  const { read, links } = await readBytes(bytes);
  expect(read).toEqual({ ok: false, why: expect.stringContaining(why) });
  expect(links).toEqual([]);
});

test('an archive by its name is read, however it begins', async () => {
  const { read, leftOut } = await readBytes('nothing of an archive', { name: 'a.warc' });
  expect(read).toEqual({ ok: true, form: 'warc', records: 0 });
  expect(leftOut).toMatchObject([{ reason: 'no_record', count: 1 }]);
});
