import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { chunked, members, recordBytes, response } from './archives.js';
import { inLine, readBytes, WRITTEN } from './read.js';

const PAGE = 'http://from.example.com/page';
const LINK = '<p>See <a href="https://to.example.org/x?a=1&amp;b=2#here">the <b>other</b> page</a>.';
const SEEN = `anchor ${PAGE} > https://to.example.org/x?a=1&b=2 "the other page"`;

const plain = response({ uri: PAGE, body: LINK });

test.each([
  ['plain', plain],
  ['one gzip member', members([plain])],
  ['two records in one member', gzipSync(Buffer.concat([response({ uri: `${PAGE}2`, body: '' }), plain]))],
  ['a record in two members', Buffer.concat([gzipSync(plain.subarray(0, 300)), gzipSync(plain.subarray(300))])],
  ['zeros behind the last member', Buffer.concat([members([plain]), Buffer.alloc(512)])],
  [
    'WARC/1.1 with fractions of seconds',
    response({ uri: PAGE, body: LINK, record: { version: '1.1', date: '2026-03-04T05:06:07.123456Z' } }),
  ],
  ['WARC/0.17', response({ uri: PAGE, body: LINK, record: { version: '0.17' } })],
  ['WARC/0.18 with bare line feeds', response({ uri: PAGE, body: LINK, record: { version: '0.18', lineEnd: '\n' } })],
  ['an address in brackets', response({ uri: `<${PAGE}>`, body: LINK })],
  ['an address with a fragment', response({ uri: `${PAGE}#top`, body: LINK })],
  ['no content type', response({ uri: PAGE, body: `<!doctype html>${LINK}`, headers: [] })],
  ['a status line written twice', response({ uri: PAGE, body: LINK, status: '200 OK200 OK' })],
])('a link is read from an archive with %s', async (_, bytes) => {
  const { links, leftOut } = await readBytes(bytes);
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(leftOut).toEqual([]);
});

/** Text that does not shrink to nothing. */
function filler(lines: number): string {
  return Array.from({ length: lines }, (_, n) => `<p>${n * n}`).join('');
}

const body = Buffer.from(LINK);
const encoded = (encoding: string, bytes: Buffer) =>
  response({ uri: PAGE, body: bytes, headers: ['content-type: text/html', `content-encoding: ${encoding}`] });

test.each([
  ['gzip', encoded('gzip', gzipSync(body))],
  ['x-gzip', encoded('X-GZIP', gzipSync(body))],
  ['deflate', encoded('deflate', deflateSync(body))],
  ['deflate without its head', encoded('deflate', deflateRawSync(body))],
  ['br', encoded('br', brotliCompressSync(body))],
  ['two codings', encoded('gzip, br', brotliCompressSync(gzipSync(body)))],
  ['gzip that is none', encoded('gzip', body)],
  ['br that is none', encoded('br', body)],
  [
    'chunks',
    response({ uri: PAGE, body: chunked(body, 7), headers: ['Content-Type: text/html', 'Transfer-Encoding: chunked'] }),
  ],
  [
    'chunks that are none',
    response({ uri: PAGE, body, headers: ['Content-Type: text/html', 'Transfer-Encoding: chunked'] }),
  ],
  [
    'chunks of gzip',
    response({
      uri: PAGE,
      body: chunked(gzipSync(body), 9),
      headers: ['Content-Type: text/html', 'Transfer-Encoding: chunked', 'Content-Encoding: gzip'],
    }),
  ],
])('a link is read from a body with %s', async (_, bytes) => {
  const { links, leftOut } = await readBytes(bytes);
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(leftOut).toEqual([]);
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('of a %s body that is cut off, what came before is read', async (encoding, pack) => {
  const long = Buffer.from(`${LINK}${filler(5000)}`);
  const packed = pack(long);
  const { links, pages, leftOut } = await readBytes(encoded(encoding, packed.subarray(0, packed.length / 2)));
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ status: 200, links_external: null, links_internal: null }]);
  expect(leftOut).toMatchObject([{ reason: 'broken_body', count: 1 }]);
});

test('a record with HTML and no headers is a page whose status is not known', async () => {
  const record = recordBytes({ type: 'resource', uri: PAGE, contentType: 'text/html', block: Buffer.from(LINK) });
  const { links, pages } = await readBytes(record);
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ url: PAGE, status: null, links_external: 1 }]);
});

test('records that are no pages of the web give no rows', async () => {
  const others = [
    recordBytes({ type: 'warcinfo', uri: 'file.warc', block: Buffer.from('software: x\r\n') }),
    recordBytes({ type: 'request', uri: PAGE, block: Buffer.from('GET / HTTP/1.1\r\n\r\n') }),
    recordBytes({ type: 'metadata', uri: PAGE, block: Buffer.from('fetchTimeMs: 1\r\n') }),
    recordBytes({
      type: 'resource',
      uri: 'metadata://a.example/log',
      block: Buffer.from(LINK),
      contentType: 'text/html',
    }),
    recordBytes({ type: 'response', uri: 'dns:a.example', block: Buffer.from('1 2 3'), contentType: 'text/dns' }),
    response({ uri: 'chrome-extension://abc/x.html', body: LINK }),
  ];
  const { read, links, pages, leftOut } = await readBytes(members(others));
  expect({ read, links, pages, leftOut }).toEqual({
    read: { ok: true, form: 'warc', records: 6 },
    links: [],
    pages: [],
    leftOut: [],
  });
});

test('a revisit is a fetch of its page, without links', async () => {
  const block = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n');
  const { links, pages } = await readBytes(recordBytes({ type: 'revisit', uri: PAGE, block }));
  expect(links).toEqual([]);
  expect(pages).toMatchObject([{ url: PAGE, status: 200, links_external: null }]);
});

test.each(['response', 'revisit'])(
  'a %s that says that the page is as it was has no status and leads nowhere',
  async (type) => {
    const block = Buffer.from('HTTP/1.1 304 Not Modified\r\nLocation: /x\r\n\r\n');
    const { links, pages } = await readBytes(recordBytes({ type, uri: PAGE, block }));
    expect(links).toEqual([]);
    expect(pages).toMatchObject([{ is_fetch: true, status: null, redirect_to: null, links_external: null }]);
  },
);

test('of a page that its crawler cut off, it is not known how many links it has', async () => {
  const { links, pages } = await readBytes(
    response({ uri: PAGE, body: LINK, record: { fields: ['WARC-Truncated: length'] } }),
  );
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ status: 200, links_external: null }]);
});

test.each([
  ['in segments', { uri: PAGE, body: LINK, record: { fields: ['WARC-Segment-Number: 1'] } }],
  ['in part', { uri: PAGE, body: LINK, status: '206 Partial Content' }],
])('of a page that came %s, it is not known how many links it has', async (_, answer) => {
  const { links, pages } = await readBytes(response(answer));
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ links_external: null }]);
});

const inChunks = ['Content-Type: text/html', 'Transfer-Encoding: chunked'];
const ofLength = (length: number, coding = 'identity') => [
  'Content-Type: text/html',
  `Content-Length: ${length}`,
  `Content-Encoding: ${coding}`,
];
/** Chunks without the empty one at their end. */
const unended = (bytes: Buffer) => chunked(bytes, 60).subarray(0, -'0\r\n\r\n'.length);
const withEnd = Buffer.from(`<html>${LINK}</html>\n<!-- in 3 ms -->`);

test.each([
  ['within a chunk', `fff\r\n${LINK}`, inChunks],
  ['behind a chunk', unended(body), inChunks],
  ['behind a chunk, with the next one broken', Buffer.concat([unended(body), Buffer.from('?')]), inChunks],
  ['before the length that its answer states', body, ofLength(body.length + 1)],
  ['before its length, its compression undone', body, ofLength(body.length + 1, 'gzip')],
  [
    'within a chunk, and so within its compression',
    unended(gzipSync(`${LINK}${filler(200)}`).subarray(0, -30)),
    [...inChunks, 'Content-Encoding: gzip'],
  ],
])('a page that ends %s is cut off, though its record is sound', async (_, cut, headers) => {
  const { links, pages, leftOut } = await readBytes(response({ uri: PAGE, body: cut, headers }));
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ status: 200, links_external: null, links_internal: null }]);
  expect(leftOut).toMatchObject([{ reason: 'broken_body', count: 1 }]);
});

test.each([
  ['has the end of its page, and no last chunk', unended(withEnd), inChunks],
  ['has the end of its page before the length that is stated', withEnd, ofLength(withEnd.length + 1)],
  [
    'has the end of its compression, and no last chunk',
    unended(gzipSync(body)),
    [...inChunks, 'Content-Encoding: gzip'],
  ],
  ['has the end of its compression before the length that is stated', brotliCompressSync(body), ofLength(5000, 'br')],
  ['is longer than its compression was', body, ofLength(body.length - 9, 'gzip')],
  ['has chunks, and a length that does not count', chunked(body, 60), [...inChunks, 'Content-Length: 5000']],
  ['states a length that is no number', body, [...inChunks, 'Content-Length: 5000, 5000']],
])('a body that %s is whole', async (_, whole, headers) => {
  const { links, pages, leftOut } = await readBytes(response({ uri: PAGE, body: whole, headers }));
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ links_external: 1, links_internal: 0 }]);
  expect(leftOut).toEqual([]);
});

test('records that go on with a page are counted', async () => {
  const more = recordBytes({ type: 'continuation', uri: PAGE, block: body, fields: ['WARC-Segment-Number: 2'] });
  const { links, leftOut } = await readBytes(members([more]));
  expect(links).toEqual([]);
  expect(leftOut).toMatchObject([{ reason: 'continuation', count: 1 }]);
});

test.each([
  ['UTF-8', Buffer.from('http://b.com/café').toString('latin1')],
  ['Latin-1', 'http://b.com/café'],
])('the address of a redirect in %s', async (_, location) => {
  const headers = [`Location: ${location}`, `Link: <${location}>; rel=next`, 'Server: caf\xe9'];
  const { links, pages } = await readBytes(response({ uri: PAGE, status: '301 Moved', headers, body: '' }));
  expect(links.map(({ url_to }) => url_to)).toEqual(Array(2).fill('http://b.com/caf%C3%A9'));
  expect(pages).toMatchObject([{ redirect_to: 'http://b.com/caf%C3%A9', server: 'café' }]);
});

test.each([
  ['header', { uri: PAGE, body: LINK, headers: ['Content-Type: text/html; charset=iso-2022-kr'] }],
  ['page', { uri: PAGE, body: `<meta charset="hz-gb-2312">${LINK}` }],
])('a charset that browsers refuse, in the %s, costs its page alone', async (_, answer) => {
  const { links, pages, leftOut } = await readBytes(members([response(answer), response({ uri: PAGE, body: LINK })]));
  expect(links.map(inLine)).toEqual([SEEN]);
  expect(pages).toMatchObject([{ encoding: 'replacement', links_external: null }, { links_external: 1 }]);
  expect(leftOut).toMatchObject([{ reason: 'broken_body', count: 1 }]);
});

test.each([
  ['comments', `${'<!---->'.repeat(200)}<div>`, null],
  [
    'comments and a page',
    `\uFEFF<!--a--> <!--><?xml version="1.0"?>${'<!---->'.repeat(200)}<html>${LINK}`,
    'text/html',
  ],
])('what has no type is known by how it begins: %s', async (_, text, media_type) => {
  const { pages } = await readBytes(response({ uri: PAGE, body: text, headers: [] }));
  expect(pages).toMatchObject([{ media_type }]);
});

test('a redirect is a link, and the body that comes with it has none', async () => {
  const { links, pages } = await readBytes(
    response({
      uri: PAGE,
      status: '301 Moved',
      headers: ['Content-Type: text/html', 'Location: //to.example.org'],
      body: LINK,
    }),
  );
  expect(links.map(inLine)).toEqual([`redirect ${PAGE} > http://to.example.org/`]);
  expect(pages).toMatchObject([{ status: 301, redirect_to: 'http://to.example.org/', links_external: null }]);
});

test('the page of an error has no links', async () => {
  const { links, pages } = await readBytes(response({ uri: PAGE, status: '404 Not Found', body: LINK }));
  expect(links).toEqual([]);
  expect(pages).toMatchObject([{ status: 404 }]);
});

test.each([
  ['2026-03-04T05:06:07Z', '2026-03-04T05:06:07.000Z'],
  ['2026-03-04T05:06:07.891234Z', '2026-03-04T05:06:07.891Z'],
  ['2026-03-04T05:06:07-0700', '2026-03-04T12:06:07.000Z'],
  ['2026-03-04T05:06:07', '2026-03-04T05:06:07.000Z'],
  ['20260304050607', '2026-03-04T05:06:07.000Z'],
  ['2026-03', '2026-03-01T00:00:00.000Z'],
  ['Wed, 04 Mar 2026 05:06:07 GMT', '2026-03-04T05:06:07.000Z'],
  ['Wednesday, 04-Mar-26 05:06:07 GMT', '2026-03-04T05:06:07.000Z'],
  ['Wed Mar  4 05:06:07 2026', '2026-03-04T05:06:07.000Z'],
])('the date %s of a record', async (date, read) => {
  const { pages, leftOut } = await readBytes(response({ uri: PAGE, body: LINK, record: { date } }));
  expect(pages.map(({ fetched_at }) => fetched_at.toISOString())).toEqual([read]);
  expect(leftOut).toEqual([]);
});

test.each([
  '2008-10-294T05:21:46-0700',
  '2026-02-31T05:21:46Z',
  '2026-02-31T05:21:46-0700',
  '20260231052146',
  '02/31/2026',
  'Sat, 31 Feb 2026 05:21:46 GMT',
  'record 7',
])('a broken date is that of the answer, or of the record before: %s', async (date) => {
  const headers = ['Content-Type: text/html', 'Date: Fri, 01 May 2026 10:00:00 GMT'];
  const { pages, leftOut } = await readBytes(
    members([
      response({ uri: `${PAGE}1`, body: LINK, record: { date } }),
      response({ uri: `${PAGE}2`, body: LINK, record: { date }, headers }),
      response({ uri: `${PAGE}3`, body: LINK, record: { date } }),
    ]),
  );
  const answered = new Date('2026-05-01T10:00:00Z');
  expect(pages.map(({ fetched_at }) => fetched_at)).toEqual([WRITTEN, answered, answered]);
  expect(leftOut).toMatchObject([{ reason: 'broken_date', count: 3 }]);
});

const three = [1, 2, 3].map((n) => response({ uri: `${PAGE}${n}`, body: `${LINK}${filler(300 * n)}` }));
const seenOn = (...numbers: number[]) => numbers.map((n) => SEEN.replace(PAGE, `${PAGE}${n}`));

test.each([-900, -30, -1, 5, 12, 30, 900])('a record whose length is wrong by %i costs nothing', async (by) => {
  const [first = Buffer.alloc(0), , third = Buffer.alloc(0)] = three;
  const stated = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n${LINK}${'<p>more'.repeat(300)}`);
  const wrong = recordBytes({ type: 'response', uri: `${PAGE}2`, block: stated, statedLength: stated.length + by });
  for (const bytes of [
    Buffer.concat([first, wrong, third]),
    members([first, wrong, third]),
    gzipSync(Buffer.concat([first, wrong, third])),
  ]) {
    const { links, leftOut } = await readBytes(bytes);
    expect(links.map(inLine)).toEqual(seenOn(1, 2, 3));
    expect(leftOut.map(({ count }) => count)).toEqual([1]);
  }
});

const FAR = 20_000_000;

test.each([
  ['plain', (records: readonly Buffer[]) => Buffer.concat(records)],
  ['one gzip member', (records: readonly Buffer[]) => gzipSync(Buffer.concat(records), { level: 1 })],
])('a record that states more than is kept of one takes nothing of the records behind it: %s', async (_, pack) => {
  const block = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>none');
  const wrong = recordBytes({ type: 'response', uri: `${PAGE}0`, block, statedLength: FAR });
  // The stated length ends within the last one.
  const large = response({ uri: `${PAGE}4`, body: Buffer.alloc(FAR, '-'), headers: ['Content-Type: image/png'] });
  const { read, links, leftOut } = await readBytes(pack([wrong, ...three, large]));
  expect(read).toMatchObject({ records: 5 });
  expect(links.map(inLine)).toEqual(seenOn(1, 2, 3));
  expect(leftOut.map(({ reason }) => reason).toSorted()).toEqual(['block_too_long', 'wrong_length']);
});

test('a record of an archive that holds an archive ends where it says', async () => {
  const inner = Buffer.concat([...three, Buffer.alloc(FAR, '-')]);
  const outer = recordBytes({ type: 'resource', uri: `${PAGE}0`, contentType: 'application/warc', block: inner });
  const { read, links, leftOut } = await readBytes(Buffer.concat([outer, ...three]));
  expect(read).toMatchObject({ records: 4 });
  expect(links.map(inLine)).toEqual(seenOn(1, 2, 3));
  expect(leftOut).toMatchObject([{ reason: 'block_too_long', count: 1 }]);
});

test('behind a damaged gzip member, the next record is read', async () => {
  const packed = three.map((record) => gzipSync(record));
  const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = packed;
  const cut = Buffer.concat([first, second.subarray(0, second.length / 2), third]);
  const { links, leftOut } = await readBytes(cut);
  expect(links.map(inLine)).toEqual(seenOn(1, 2, 3));
  expect(leftOut).toContainEqual({
    reason: 'damaged',
    count: 1,
    examples: [{ at: first.length, message: expect.stringContaining('gzip member') }],
  });
});

test('bytes between records are told and passed over', async () => {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = three;
  const { links, leftOut } = await readBytes(Buffer.concat([Buffer.from('what is this\n'), first, second]));
  expect(links.map(inLine)).toEqual(seenOn(1, 2));
  expect(leftOut).toEqual([
    { reason: 'no_record', count: 1, examples: [{ at: 0, message: '13 bytes are no record' }] },
  ]);
});
