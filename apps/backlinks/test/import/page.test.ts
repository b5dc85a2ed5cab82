import { expect, test } from 'vitest';
import { response } from './archives.js';
import { inLine, readBytes } from './read.js';

const PAGE = 'http://a.example/dir/page';

async function linksOf(html: string | Buffer, headers: readonly string[] = []) {
  const type = headers.some((header) => /^content-type/i.test(header))
    ? []
    : ['Content-Type: text/html; charset=utf-8'];
  const { links, pages } = await readBytes(response({ uri: PAGE, body: html, headers: [...type, ...headers] }));
  return { links, pages, lines: links.map((link) => inLine(link).replace(` ${PAGE} >`, '')) };
}

test.each([
  ['<a href=//b.com>b</a>', 'anchor http://b.com/ "b"'],
  ['<a href=" http://b.com/x y#z ">b</a>', 'anchor http://b.com/x%20y "b"'],
  ['<a href="http:///b.com/x">b</a>', 'anchor http://b.com/x "b"'],
  ['<a href="HTTP://B.com:80/./x/../y">b</a>', 'anchor http://b.com/y "b"'],
  ['<a href="http://user:secret@b.com/">b</a>', 'anchor http://b.com/ "b"'],
  ['<a href="http://bücher.de">b</a>', 'anchor http://xn--bcher-kva.de/ "b"'],
  ['<a href="http://192.0.2.7/">b</a>', 'anchor http://192.0.2.7/ "b"'],
  ['<a href="">here</a>', `anchor ${PAGE} "here"`],
  ['<a href="x">in</a>', 'anchor http://a.example/dir/x "in"'],
  ['<a href="x">in</a><base href="http://b.com/y/"><base href="http://c.com/">', 'anchor http://b.com/y/x "in"'],
  ['<base href="javascript:0"><a href="x">in</a>', 'anchor http://a.example/dir/x "in"'],
  ['<a href="http://b.com"><div>two</div>&nbsp;<p>words</p></a>', 'anchor http://b.com/ "two words"'],
  ['<a href="http://b.com">o<b>n</b>e<script>no</script></a>', 'anchor http://b.com/ "one"'],
  ['<a href="http://b.com"><img src=i.png alt="the image"></a>', 'image http://b.com/'],
  ['<a href="http://b.com"><img src=i.png> text</a>', 'anchor http://b.com/ "text"'],
  ['<a href="http://b.com">first<a href="">', `anchor http://b.com/ "first"|anchor ${PAGE}`],
  ['<a href="http://b.com">no end', 'anchor http://b.com/ "no end"'],
  ['<map><area href="http://b.com"></map>', 'anchor http://b.com/'],
  ['<a href="http://b.com" rel="noopener NoFollow">b</a>', 'anchor http://b.com/ "b" nofollow'],
  ['<link rel="canonical" href="http://b.com">', 'canonical http://b.com/'],
  ['<link rel="alternate" hreflang=de href="http://b.com">', 'alternate http://b.com/'],
  ['<link rel="next" href="http://b.com">', 'link http://b.com/'],
  ['<meta http-equiv="Refresh" content="5; URL=\'http://b.com/\'">', 'meta http://b.com/'],
  ['<meta name="robots" content="noindex, nofollow"><a href="http://b.com">b</a>', 'anchor http://b.com/ "b" nofollow'],
  ['<a href="http://b.com">b</a><meta name="ROBOTS" content="none">', 'anchor http://b.com/ "b" nofollow'],
])('%s is %s', async (html, expected) => {
  expect((await linksOf(html)).lines.join('|')).toBe(expected);
});

test('blanks without end in a refresh lead nowhere', async () => {
  expect((await linksOf(`<meta http-equiv="refresh" content="1${' '.repeat(300_000)}">`)).lines).toEqual([]);
});

test.each([
  '<a>b</a>',
  '<a name="http://b.com">b</a>',
  '<a href="mailto:a@b.com">b</a>',
  '<a href="javascript:open()">b</a>',
  '<a href="http://">b</a>',
  '<a href="http://localhost/">b</a>',
  '<a href="http://http//b.com/">b</a>',
  '<a href="http://-b-.com/">b</a>',
  '<!-- <a href="http://b.com">b</a> -->',
  '<script>"<a href=\'http://b.com\'>b</a>"</script>',
  '<style>a { background: url(http://b.com/) }</style>',
  '<textarea><a href="http://b.com">b</a></textarea>',
  '<title><a href="http://b.com">b</a></title>',
  '<img src="http://b.com/i.png"><body background="http://b.com/i.png">',
  '<iframe src="http://b.com/"></iframe><object data="http://b.com/x"></object><video poster="http://b.com/"></video>',
  '<form action="http://b.com"><input onclick="location=\'http://b.com/\'"></form>',
  '<blockquote cite="http://b.com/"></blockquote><div data-href="http://b.com/"></div>',
  '<link rel="stylesheet" href="http://b.com/s.css"><link rel="shortcut icon" href="http://b.com/i.ico">',
  '<link rel="alternate stylesheet" href="http://b.com/s.css"><link rel="preconnect" href="http://b.com">',
  '<link href="http://b.com">',
  '<meta http-equiv="refresh" content="30"><meta property="og:url" content="http://b.com/">',
])('%s has no link', async (html) => {
  expect((await linksOf(html)).lines).toEqual([]);
});

test('a link has its place, and an image its text', async () => {
  const { links } = await linksOf(
    '<main><article><a href=/1>1</a><section><a href=/2>2</a></section></article></main><footer><p><a href=/3><img alt="a star"></a></footer><a href=/4>4</a>',
  );
  expect(links.map(({ place, alt }) => [place, alt])).toEqual([
    ['article', null],
    ['section', null],
    ['footer', 'a star'],
    [null, null],
  ]);
});

test('headers state links, and what robots may do', async () => {
  const { lines } = await linksOf('<a href="http://c.com">c</a>', [
    'Link: <http://b.com/x>; rel="canonical", </y>; rel=next; title="a, b", <http://b.com/s.css>; rel=preload',
    'Refresh: 0; url=http://b.com/z',
    'X-Robots-Tag: noindex',
    'x-robots-tag: nofollow',
  ]);
  expect(lines).toEqual([
    'canonical http://b.com/x nofollow',
    'link http://a.example/y nofollow',
    'meta http://b.com/z nofollow',
    'anchor http://c.com/ "c" nofollow',
  ]);
});

test('what is asked of one crawler is asked of no other', async () => {
  const { lines } = await linksOf('<meta name="googlebot" content="nofollow"><a href="http://c.com">c</a>', [
    'X-Robots-Tag: googlebot: nofollow, noindex',
  ]);
  expect(lines).toEqual(['anchor http://c.com/ "c"']);
});

test.each([
  ['header', 'Привет', 'windows-1251', ['Content-Type: text/html; charset=windows-1251'], ''],
  ['meta', 'Привет', 'windows-1251', ['Content-Type: text/html'], '<meta charset="windows-1251">'],
  [
    'http-equiv',
    '你好',
    'gbk',
    ['Content-Type: text/html'],
    '<meta http-equiv="Content-Type" content="text/html; charset=gb2312">',
  ],
  ['mark', 'Grüße', 'utf-8', ['Content-Type: text/html; charset=iso-8859-1'], '\uFEFF'],
  ['nothing', 'Grüße – ja', 'windows-1252', ['Content-Type: text/html'], ''],
])('the charset is known by %s', async (_, ...[text, encoding, headers, head]) => {
  const bytes = encode(`${head}<title>${text}</title><a href=/>${text}</a>`, encoding);
  const { links, pages } = await linksOf(bytes, headers);
  expect([links[0]?.anchor, pages[0]?.title, pages[0]?.encoding]).toEqual([text, text, encoding]);
});

test('in XHTML, elements close themselves', async () => {
  const { lines } = await linksOf('<html><title/><script src="x"/><a href="http://b.com">b</a></html>', [
    'Content-Type: application/xhtml+xml',
  ]);
  expect(lines).toEqual(['anchor http://b.com/ "b"']);
});

test('a page says what it is', async () => {
  const { pages } = await linksOf(
    '<html lang="en-GB"><title> A\n title </title><link rel=canonical href=/c><meta name=robots content=noindex><img><svg><title>no</title></svg><a href=http://b.com>b</a>',
    ['Server: nginx'],
  );
  expect(pages).toMatchObject([
    {
      url: PAGE,
      domain: 'a.example',
      status: 200,
      title: 'A title',
      language: 'en',
      canonical: 'http://a.example/c',
      noindex: true,
      nofollow: false,
      images: 1,
      links_external: 1,
      links_internal: 1,
      media_type: 'text/html',
      server: 'nginx',
    },
  ]);
});

test('links within a domain are left out unless they are asked for, and counted all the same', async () => {
  const bytes = response({
    uri: 'http://www.a.co.uk/',
    body: '<a href="http://b.a.co.uk/">b</a><a href="http://b.co.uk/">c</a>',
  });
  const { links, pages } = await readBytes(bytes, { internal: false });
  expect(links.map(inLine)).toEqual(['anchor http://www.a.co.uk/ > http://b.co.uk/ "c"']);
  expect(pages).toMatchObject([{ links_external: 1, links_internal: 1 }]);
});

test('an import that is limited to domains keeps links to them, and the pages of them and of the links', async () => {
  const page = (uri: string, to: string) =>
    response({ uri, body: `<a href="${to}">x</a><a href="http://z.com">z</a>` });
  const bytes = Buffer.concat([
    page('http://b.com/', 'http://c.com'),
    page('http://c.com/', 'http://b.com'),
    page('http://d.com/', 'http://e.com'),
  ]);
  const { links, pages } = await readBytes(bytes, { only: ['c.com'] });
  expect(links.map(inLine)).toEqual(['anchor http://b.com/ > http://c.com/ "x"']);
  expect(pages.map(({ url }) => url)).toEqual(['http://b.com/', 'http://c.com/']);
});

/** A text in a charset that Node reads and does not write. */
function encode(text: string, charset: string): Buffer {
  if (charset === 'utf-8') return Buffer.from(text);
  const decoder = new TextDecoder(charset);
  const bytes = new Map<string, readonly number[]>([['–', [0x96]]]);
  for (let high = 0; high < 256; high++) {
    bytes.set(decoder.decode(Uint8Array.of(high)), [high]);
    if (charset !== 'gbk' || high < 0x81) continue;
    for (let low = 0x40; low < 0xff; low++) bytes.set(decoder.decode(Uint8Array.of(high, low)), [high, low]);
  }
  return Buffer.from([...text].flatMap((character) => bytes.get(character) ?? []));
}
