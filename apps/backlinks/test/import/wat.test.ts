import { expect, test } from 'vitest';
import { members, recordBytes } from './archives.js';
import { inLine, readBytes } from './read.js';

const PAGE = 'http://a.example/dir/page';

/** A record of WAT about an answer. */
function watOf(answer: unknown, type = 'response', fields: Readonly<Record<string, string>> = {}): Buffer {
  const json = {
    Container: { Filename: 'a.warc.gz' },
    Envelope: {
      Format: 'WARC/1.0',
      'WARC-Header-Metadata': {
        'WARC-Type': type,
        'WARC-Target-URI': PAGE,
        'WARC-Date': '2026-03-04T05:06:07Z',
        ...fields,
      },
      'Payload-Metadata': answer,
    },
  };
  const block = Buffer.from(JSON.stringify(json));
  return recordBytes({
    type: 'metadata',
    uri: PAGE,
    contentType: 'application/json',
    block,
    date: '2026-09-09T09:09:09Z',
  });
}

const ANSWER = {
  'Response-Message': { Status: '200', Reason: 'OK' },
  Headers: {
    'Content-Type': 'text/html',
    Link: ['<http://h.com/>; rel=next', '</s>; rel=stylesheet'],
    Server: 'nginx',
  },
  'HTML-Metadata': {
    Head: {
      Title: ' A\n title',
      Base: 'http://base.com/dir/',
      Metas: [{ name: 'robots', content: 'nofollow' }, { 'http-equiv': 'refresh', content: '1; url=later' }, 7],
      Link: [
        { path: 'LINK@/href', url: '/c', rel: 'canonical' },
        { path: 'LINK@/href', url: '/s.css', rel: 'stylesheet' },
      ],
    },
    Links: [
      { path: 'A@/href', url: 'x', text: 'some  words', rel: 'ugc' },
      { path: 'A@/href', url: 'http://b.com/', alt: 'a star' },
      { path: 'IMG@/src', url: 'i.png', alt: 'a star' },
      { path: 'AREA@/href', url: 'http://d.com/#x' },
      { path: 'FORM@/action', url: '/f' },
      { path: 'A@/href' },
      'what',
    ],
  },
};

test('a record of WAT is a page and its links', async () => {
  const { read, links, pages, leftOut } = await readBytes(members([watOf({ 'HTTP-Response-Metadata': ANSWER })]));
  expect(read).toEqual({ ok: true, form: 'wat', records: 1 });
  expect(links.map(inLine).map((line) => line.replace(` ${PAGE} >`, ''))).toEqual([
    'link http://h.com/ nofollow',
    'meta http://base.com/dir/later nofollow',
    'canonical http://base.com/c nofollow',
    'anchor http://base.com/dir/x "some words" nofollow',
    'image http://b.com/ nofollow',
    'anchor http://d.com/ nofollow',
  ]);
  expect(pages).toMatchObject([
    {
      url: PAGE,
      status: 200,
      title: 'A title',
      server: 'nginx',
      images: 1,
      fetched_at: new Date('2026-03-04T05:06:07Z'),
    },
  ]);
  expect(leftOut).toEqual([]);
});

test('of a page that its crawler cut off, WAT does not know all links', async () => {
  const answer = { 'HTTP-Response-Metadata': ANSWER };
  const { links, pages } = await readBytes(members([watOf(answer, 'response', { 'WARC-Truncated': 'length' })]));
  expect(links).toHaveLength(6);
  expect(pages).toMatchObject([{ status: 200, links_external: null }]);
});

test('a redirect, an error and a request of WAT', async () => {
  const { links, pages } = await readBytes(
    members([
      watOf({
        'HTTP-Response-Metadata': { ...ANSWER, 'Response-Message': { Status: '301' }, Headers: { Location: '/y' } },
      }),
      watOf({ 'HTTP-Response-Metadata': { ...ANSWER, 'Response-Message': { Status: '404' }, Headers: {} } }),
      watOf({ 'HTTP-Request-Metadata': { Headers: {} } }, 'request'),
    ]),
  );
  expect(links.map(inLine)).toEqual([`redirect ${PAGE} > http://a.example/y`]);
  expect(pages.map(({ status }) => status)).toEqual([301, 404]);
});

test('a record of WAT whose JSON is cut off is told', async () => {
  const block = Buffer.from('{"Container":{"Filename":"a');
  const broken = recordBytes({ type: 'metadata', uri: PAGE, contentType: 'application/json', block });
  const { read, leftOut } = await readBytes(members([broken, watOf({ 'HTTP-Response-Metadata': ANSWER })]));
  expect(read).toMatchObject({ form: 'wat', records: 2 });
  expect(leftOut).toMatchObject([{ reason: 'broken_record', count: 1 }]);
});
