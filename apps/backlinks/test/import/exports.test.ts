import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { inLine, readBytes, WRITTEN } from './read.js';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

test('an export of Ahrefs: UTF-16, tabs', async () => {
  const rows = [
    [
      'Referring page title',
      'Referring page URL',
      'Target URL',
      'Anchor',
      'Type',
      'Nofollow',
      'UGC',
      'First seen',
      'Last seen',
      'Lost',
    ],
    [
      'A "page"',
      'https://a.com/1',
      'https://b.com/',
      'größer',
      'text',
      'false',
      'false',
      '2024-01-02 03:04',
      '2026-01-02 03:04',
      '',
    ],
    [
      'A page',
      'https://a.com/2',
      'https://b.com/',
      '',
      'image',
      'true',
      'true',
      '2024-01-02 03:04',
      '2025-01-02 03:04',
      '2025-02-03 04:05',
    ],
    ['A page', 'https://a.com/3', 'https://b.com/', '', 'frame', 'false', 'false', '2024-01-02', '2025-01-02', ''],
  ];
  const text = rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join('\t')).join('\r\n');
  const { read, links, pages, leftOut } = await readBytes(Buffer.from(`\uFEFF${text}`, 'utf16le'));
  expect(pages).toMatchObject([
    { url: 'https://a.com/1', title: 'A "page"', status: null, is_fetch: false },
    { url: 'https://a.com/2', title: 'A page', status: null, is_fetch: false },
  ]);
  expect(read).toEqual({ ok: true, form: 'ahrefs', records: 3 });
  expect(links.map(inLine)).toEqual([
    'anchor https://a.com/1 > https://b.com/ "größer"',
    'image https://a.com/2 > https://b.com/ nofollow',
  ]);
  expect(links).toMatchObject([
    {
      rel: [],
      nofollow: false,
      first_seen: new Date('2024-01-02T03:04Z'),
      seen_at: new Date('2026-01-02T03:04Z'),
      lost_at: null,
    },
    { rel: ['ugc', 'nofollow'], lost_at: new Date('2025-02-03T04:05Z') },
  ]);
  expect(leftOut).toMatchObject([{ reason: 'no_link', count: 1, examples: [{ at: 4 }] }]);
});

test('an export of Semrush', async () => {
  const { read, links } = await readBytes(
    'Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,Sponsored,Ugc,Text,Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link\n' +
      '12,"One, two",https://a.com/1,https://b.com/x,"an ""anchor""",3,4,TRUE,FALSE,FALSE,TRUE,FALSE,FALSE,FALSE,FALSE,2024-05-06,2026-01-02,FALSE,FALSE\n' +
      '12,T,https://a.com/2,https://b.com/x,,3,4,FALSE,FALSE,FALSE,FALSE,FALSE,FALSE,TRUE,FALSE,2024-05-06,2026-01-02,FALSE,FALSE\n' +
      '12,T,https://a.com/3,https://b.com/x,,3,4,FALSE,FALSE,FALSE,FALSE,TRUE,FALSE,FALSE,FALSE,2024-05-06,2026-01-02,FALSE,FALSE\n',
  );
  expect(read).toMatchObject({ form: 'semrush', records: 3 });
  expect(links.map(inLine)).toEqual([
    'anchor https://a.com/1 > https://b.com/x "an "anchor"" nofollow',
    'image https://a.com/2 > https://b.com/x',
  ]);
  expect(links[0]?.seen_at).toEqual(day('2026-01-02'));
});

test('an export of Majestic', async () => {
  const { read, links } = await readBytes(
    'Target URL,Source URL,Anchor Text,Source Crawl Date,Source First Found Date,Flag No Follow,Flag Image Link,Flag Redirect,Source Citation Flow\n' +
      'http://b.com/,http://a.com/1,word,2026-01-02,2020-01-02,+,-,-,7\n' +
      'http://b.com/,http://a.com/2,,2026-01-02,2020-01-02,-,-,+,7\n',
  );
  expect(read).toMatchObject({ form: 'majestic', records: 2 });
  expect(links.map(inLine)).toEqual([
    'anchor http://a.com/1 > http://b.com/ "word" nofollow',
    'redirect http://a.com/2 > http://b.com/',
  ]);
});

test('an export of Screaming Frog, without what pages embed', async () => {
  const { read, links } = await readBytes(
    '\uFEFF"Type","Source","Destination","Alt Text","Anchor","Status Code","Follow","Rel","Link Position"\n' +
      '"Hyperlink","https://a.com/","https://b.com/","","word","200","true","","Content"\n' +
      '"Hyperlink","https://a.com/","https://b.com/","a star","","200","false","nofollow ugc","Content"\n' +
      '"Image","https://a.com/","https://b.com/i.png","a star","","200","true","","Content"\n' +
      '"CSS","https://a.com/","https://b.com/s.css","","","200","true","","Head"\n',
  );
  expect(read).toMatchObject({ form: 'screaming_frog', records: 4 });
  expect(links.map(inLine)).toEqual([
    'anchor https://a.com/ > https://b.com/ "word"',
    'image https://a.com/ > https://b.com/ nofollow',
  ]);
  expect(links).toMatchObject([
    { nofollow: false, seen_at: WRITTEN },
    { alt: 'a star', rel: ['nofollow', 'ugc'] },
  ]);
});

test.each([
  ['https___www.b.com_-Neueste Links-2026-01-02.csv', 'Verweisende Seite,Letztes Crawling', 'https://www.b.com/'],
  ['b.com-latest-links.csv', 'リンク元ページ,最終クロール', 'https://b.com/'],
  ['https___www.my-site.com_-Latest links.csv', 'Linking page,Last crawled', 'https://www.my-site.com/'],
  ['b.co.uk-More sample links.csv', 'Linking page', 'https://b.co.uk/'],
])('an export of Search Console is known by its form, and its site by its name: %s', async (name, header, site) => {
  const rows = header.includes(',')
    ? 'https://a.com/1,2026-01-02\nhttps://a.com/2,\n'
    : 'https://a.com/1\nhttps://a.com/2\n';
  const { read, links } = await readBytes(`${header}\n${rows}`, { name });
  expect(read).toMatchObject({ form: 'search_console', records: 2 });
  expect(links.map(inLine)).toEqual([`anchor https://a.com/1 > ${site}`, `anchor https://a.com/2 > ${site}`]);
  expect(links[0]?.nofollow).toBe(null);
});

test('an export of Search Console whose name tells no site is refused', async () => {
  const { read } = await readBytes('Linking page\nhttps://a.com/1\n', { name: 'links.csv' });
  expect(read).toEqual({ ok: false, why: expect.stringContaining('its name does not say whose links it lists') });
});

test.each([
  ['commas', 'from,to,anchor\nhttp://a.com/,http://b.com/,x\n'],
  ['semicolons', 'url_from;url_to;anchor\r\nhttp://a.com/;http://b.com/;x\r\n'],
  ['tabs', 'Source\tTarget\tLink Text\nhttp://a.com/\thttp://b.com/\tx'],
  ['a title before the header', 'My links of May\n\nfrom,to,anchor\nhttp://a.com/,http://b.com/,x\n'],
  ['no schemes', 'from,to,anchor\na.com,b.com/,x\n'],
  ['gzip', gzipSync('from,to,anchor\nhttp://a.com/,http://b.com/,x\n')],
  ['UTF-16 without a mark', Buffer.from('from,to,anchor\nhttp://a.com/,http://b.com/,x\n', 'utf16le')],
  ['broken lines', 'from,to,anchor\nhttp://a.com/\nhttp://a.com/,http://b.com/,x,more,cells\n,,\n'],
])('any table with named columns: %s', async (_, bytes) => {
  const { read, links } = await readBytes(bytes);
  expect(read).toMatchObject({ ok: true, form: 'csv' });
  expect(links.map(inLine)).toEqual(['anchor http://a.com/ > http://b.com/ "x"']);
});

test.each([
  ['nofollow', 'nofollow', true],
  ['nofollow', 'dofollow', false],
  ['nofollow', 'what', null],
  ['dofollow', 'nofollow', false],
  ['dofollow', 'dofollow', true],
  ['dofollow', 'yes', true],
])('a column %s that says %s', async (column, word, flag) => {
  const { links } = await readBytes(`from,to,${column}\nhttp://a.com/,http://b.com/,${word}\n`);
  const isNofollow = column === 'nofollow' || flag === null ? flag : !flag;
  expect(links).toMatchObject([
    { nofollow: isNofollow, rel: column === 'nofollow' && flag === true ? ['nofollow'] : [] },
  ]);
});

test.each([
  ['Lost link', 'TRUE', true],
  ['Lost link', 'FALSE', false],
  ['lost', 'yes', true],
  ['lost', 'no', false],
])(
  'of a link that is lost on no day, the day when it was seen last is taken: %s is %s',
  async (column, word, isLost) => {
    const { links } = await readBytes(`from,to,last_seen,${column}\nhttp://a.com/,http://b.com/,2026-01-02,${word}\n`);
    expect(links).toMatchObject([{ seen_at: day('2026-01-02'), lost_at: isLost ? day('2026-01-02') : null }]);
  },
);

test('a table of windows-1252', async () => {
  const { links } = await readBytes(
    Buffer.from('from,to,anchor\nhttp://a.com/,http://b.com/,gr\xf6\xdfer \x80\n', 'latin1'),
  );
  expect(links[0]?.anchor).toBe('größer €');
});

test.each([
  ['2026-01-02', day('2026-01-02')],
  ['2026/1/2', day('2026-01-02')],
  ['2.1.2026', day('2026-01-02')],
  ['31/1/2026', day('2026-01-31')],
  ['1/31/2026', day('2026-01-31')],
  ['Jan 2, 2026', day('2026-01-02')],
  ['2 January 2026', day('2026-01-02')],
  ['2-Jan-2026', day('2026-01-02')],
  ['Fri, 2 Jan 2026 00:00:00 GMT', day('2026-01-02')],
  ['2026-01-02T02:30:00+02:30', day('2026-01-02')],
  ['Jan 2, 2026 12:00 AM', day('2026-01-02')],
])('the date %s', async (text, date) => {
  const { links, leftOut } = await readBytes(`from\tto\tfirst_seen\nhttp://a.com/\thttp://b.com/\t${text}\n`);
  expect(links[0]?.first_seen).toEqual(date);
  expect(leftOut).toEqual([]);
});

test.each([
  '1/2/2026',
  '2026-13-45',
  '2026-02-31',
  '2026-01-021',
  '31.2.2026',
  'Feb 31, 2026',
  '29 February 2025',
  '31-Jun-2026',
  'Sat, 31 Feb 2026 00:00:00 GMT',
  'Janus 2, 2026',
  '2026-01-02 25:00',
  'Jan 2, 2026 13:00 PM',
  'found 2',
  'yesterday',
])('%s is no date, and is counted', async (text) => {
  const { links, leftOut } = await readBytes(`from\tto\tfirst_seen\nhttp://a.com/\thttp://b.com/\t${text}\n`);
  expect(links).toMatchObject([{ first_seen: null, lost_at: null }]);
  expect(leftOut).toMatchObject([{ reason: 'no_date', count: 1, examples: [{ at: 2 }] }]);
});

test('an empty cell, and a word that says yes or no, are no dates that are missing', async () => {
  const rows = ['2026-01-02,', ',no', '2026-01-02,lost'].map((cells) => `http://a.com/,http://b.com/,${cells}`);
  const { leftOut } = await readBytes(`from,to,last_seen,lost\n${rows.join('\n')}\n`);
  expect(leftOut).toEqual([]);
});

test.each([3, 19_990])('a quote that nothing closes costs its line: %i', async (quoted) => {
  const rows = Array.from(
    { length: 20_000 },
    (_, n) => `http://a.com/${n},http://b.com/,${n === quoted ? '"open' : 'x'}\n`,
  );
  const { links, leftOut } = await readBytes(`from,to,anchor\n${rows.join('')}`);
  expect(leftOut).toMatchObject([{ reason: 'broken_line', count: 1, examples: [{ at: quoted + 2 }] }]);
  expect(links).toHaveLength(19_999);
});
