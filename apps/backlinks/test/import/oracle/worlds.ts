import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { chunked, recordBytes, response } from '../archives.js';

/** What a test archive holds: its records, one by one, and how they are put together. */
export interface World {
  readonly records: readonly Buffer[];
  readonly packing: 'plain' | 'members' | 'one member';
}

const host = fc.constantFrom(
  'a.com',
  'www.a.com',
  'b.co.uk',
  'x.b.co.uk',
  'c.github.io',
  'd.github.io',
  'e.org',
  'é.org',
);
const path = fc.constantFrom('/', '/p', '/p?q=1&r=2', '/%20x#part', '/ü', '');
const address = fc.tuple(fc.constantFrom('http://', 'https://', '//'), host, path).map((parts) => parts.join(''));
const href = fc.oneof(
  { weight: 5, arbitrary: address },
  fc.constantFrom('/in', 'up', '?q', '#x', 'mailto:a@b.com', 'javascript:x()'),
);
const rel = fc.constantFrom('', ' rel=nofollow', ' rel="ugc nofollow"', " rel='noopener'", ' REL="NoFollow"');

const quoted = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const anchor = fc
  .tuple(href, rel, fc.constantFrom('a', 'A'), fc.constantFrom('text', '<img alt=x>', '<b>t</b>', ''))
  .map(([to, words, name, text]) => `<${name} class="x" href="${quoted(to)}"${words}>${text}</${name}>`);
const element = fc.oneof(
  { weight: 6, arbitrary: anchor },
  address.map((to) => `<link rel="canonical" href='${to}'>`),
  address.map((to) => `<link rel="stylesheet" href="${quoted(to)}"/>`),
  address.map((to) => `<area href="${quoted(to)}">`),
  address.map((to) => `<!-- <a href="${quoted(to)}">no</a> -->`),
  address.map((to) => `<script>x = '<a href="${quoted(to)}">no</a>'</script>`),
  address.map((to) => `<iframe src="${quoted(to)}"></iframe><img src="${quoted(to)}">`),
  fc.constantFrom('<p>words', '</p>', '<nav>', '</nav>', '<br/>', '< 3', '&nbsp;'),
  fc.constantFrom(
    '<base href="http://f.net/y/">',
    '<base href="/z/">',
    '<meta name="robots" content="index, nofollow">',
  ),
);

const page = fc.record({
  uri: fc.tuple(host, fc.constantFrom('/', '/1', '/2?x')).map(([name, rest]) => `http://${name}${rest}`),
  elements: fc.array(element, { maxLength: 12 }),
  coding: fc.constantFrom('', 'gzip', 'br'),
  isChunked: fc.boolean(),
  status: fc.constantFrom('200 OK', '200 OK', '200 OK', '404 Not Found'),
  robots: fc.constantFrom('', '', '', 'X-Robots-Tag: nofollow'),
  length: fc.nat({ max: 3 }),
});

type Page = typeof page extends fc.Arbitrary<infer P> ? P : never;

function recordOf({ uri, elements, coding, isChunked, status, robots, length }: Page): Buffer {
  const html = Buffer.from(
    `<!doctype html><meta charset=utf-8><title>t</title>${elements.join('\n')}${'<p>more'.repeat(length * 1000)}`,
  );
  const packed = coding === 'gzip' ? gzipSync(html) : coding === 'br' ? brotliCompressSync(html) : html;
  return response({
    uri,
    status,
    body: isChunked ? chunked(packed, 1000) : packed,
    headers: [
      'Content-Type: text/html',
      ...(coding === '' ? [] : [`Content-Encoding: ${coding}`]),
      ...(isChunked ? ['Transfer-Encoding: chunked'] : []),
      ...(robots === '' ? [] : [robots]),
    ],
  });
}

const other = fc.constantFrom(
  recordBytes({ type: 'request', uri: 'http://a.com/', block: Buffer.from('GET / HTTP/1.1\r\n\r\n') }),
  recordBytes({ type: 'metadata', uri: 'http://a.com/', block: Buffer.from('<a href="http://b.co.uk/">no</a>') }),
);

export const world: fc.Arbitrary<World> = fc.record({
  records: fc.array(fc.oneof({ weight: 4, arbitrary: page.map(recordOf) }, other), { minLength: 1, maxLength: 12 }),
  packing: fc.constantFrom('plain', 'members', 'one member'),
});

export function archiveOf(records: readonly Buffer[], packing: World['packing']): Buffer {
  if (packing === 'members') return Buffer.concat(records.map((record) => gzipSync(record)));
  const whole = Buffer.concat(records);
  return packing === 'plain' ? whole : gzipSync(whole);
}
