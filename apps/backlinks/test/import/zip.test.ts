import { expect, test } from 'vitest';
import { members, response } from './archives.js';
import { inLine, readBytes } from './read.js';
import { zipOf } from './zips.js';

const archive = (host: string) =>
  members([response({ uri: `http://${host}/`, body: '<a href="http://goal.com">x</a>' })]);
const seen = (...hosts: string[]) => hosts.map((host) => `anchor http://${host}/ > http://goal.com/ "x"`);

test('WACZ: the archives in it are read, stored or compressed', async () => {
  const bytes = zipOf([
    { name: 'datapackage.json', bytes: Buffer.from('{}') },
    { name: 'archive/a.warc.gz', bytes: archive('a.com') },
    { name: 'indexes/index.cdx.gz', bytes: Buffer.from('com,a)/ {}') },
    { name: 'archive/b.warc.gz', bytes: archive('b.com'), isCompressed: true },
  ]);
  const { read, links, leftOut } = await readBytes(bytes);
  expect(read).toEqual({ ok: true, form: 'wacz', records: 2 });
  expect(links.map(inLine)).toEqual(seen('a.com', 'b.com'));
  expect(leftOut).toEqual([]);
});

test('a ZIP file with a table', async () => {
  const table = Buffer.from('from,to,anchor\nhttp://a.com/,http://goal.com/,x\n');
  const { read, links } = await readBytes(zipOf([{ name: 'links.csv', bytes: table, isCompressed: true }]));
  expect(read).toEqual({ ok: true, form: 'csv', records: 1 });
  expect(links.map(inLine)).toEqual(seen('a.com'));
});

test('of a ZIP file, an encrypted file is told and the others are read', async () => {
  const bytes = zipOf([
    { name: 'archive/a.warc.gz', bytes: archive('a.com'), isEncrypted: true },
    { name: 'archive/b.warc.gz', bytes: archive('b.com') },
  ]);
  const { links, leftOut } = await readBytes(bytes);
  expect(links.map(inLine)).toEqual(seen('b.com'));
  expect(leftOut).toMatchObject([
    { reason: 'zipped_file', count: 1, examples: [{ message: 'archive/a.warc.gz is encrypted' }] },
  ]);
});

test.each([
  [
    'an encrypted one',
    zipOf([{ name: 'a.warc', bytes: archive('a.com'), isEncrypted: true }]),
    'holds a.warc, which is encrypted',
  ],
  ['a spreadsheet', zipOf([{ name: 'xl/workbook.xml', bytes: Buffer.from('<x/>') }]), 'save it as CSV'],
  ['one of something else', zipOf([{ name: 'a.txt', bytes: Buffer.from('x') }]), 'without archives and tables'],
  ['one that is cut off', zipOf([{ name: 'a.warc', bytes: archive('a.com') }]).subarray(0, 200), 'damaged or cut off'],
])('a ZIP file is refused with a sentence: %s', async (_, bytes, why) => {
  const { read } = await readBytes(bytes);
  expect(read).toEqual({ ok: false, why: expect.stringContaining(why) });
});
