import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../src/problem.js';
import { readSent, type SentList } from './read-lists.js';

const CSV = 'text/csv';
const TEXT = 'text/plain';
const NDJSON = 'application/x-ndjson';

const rowsOf = async (list: SentList) => (await readSent(list)).rows.map(({ line, input, id }) => [line, input, id]);

async function refusal(list: SentList): Promise<ApiProblem> {
  const error = await readSent(list).catch((reason: unknown) => reason);
  if (error instanceof ApiProblem) return error;
  throw new Error('the list was taken');
}

const SITEMAP = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.com/x</loc></url></urlset>`;

describe('a text that is no list is refused by name', () => {
  it.each<[string, RegExp]>([
    ['<!DOCTYPE html>\n<html lang="en"><head></head></html>', /HTML page.*text\/plain/],
    ['\n\n  <html><body><a href="https://a.com">a</a></body></html>', /HTML page/],
    [SITEMAP, /sitemap.*<loc>/],
    ['<urlset xmlns="x"><url><loc>https://a.com/x</loc></url></urlset>', /sitemap.*<loc>/],
    ['<rss version="2.0"></rss>', /XML/],
    ['{\\rtf1\\ansi a.com\\\n}', /RTF.*plain text/],
    ['["a.com","b.com"]', /JSON array.*application\/json.*application\/x-ndjson/],
    ['[\n  "a.com",\n  "b.com"\n]\n', /JSON array/],
    ['[{"target":"a.com"}]', /JSON array/],
    ['{"endpoint":"bulk_backlinks","targets":["a.com"]}', /JSON object.*application\/json/],
    ['{"target":"a.com","id":"1"}\n{"target":"b.com"}\n', /NDJSON.*application\/x-ndjson/],
  ])('%j', async (body, says) => {
    for (const type of [TEXT, CSV]) {
      for (const places of [[], [1, 2, 3, 5, 8, 40]]) {
        const { code, message } = await refusal({ type, body, places });
        expect({ code, message }).toEqual({ code: 'unsupported_media_type', message: expect.stringMatching(says) });
      }
    }
  });

  it('whatever its encoding', async () => {
    const body = Buffer.from(`\ufeff${SITEMAP}`, 'utf16le');
    expect((await refusal({ type: TEXT, body })).message).toContain('an XML file');
  });

  it.each<[string, RegExp]>([
    ['["a.com","b.com"]', /JSON array.*jq/],
    ['[\n"a.com",\n"b.com"]', /JSON array/],
    ['<html></html>', /HTML/],
  ])('in place of NDJSON: %j', async (body, says) => {
    expect((await refusal({ type: NDJSON, body })).message).toMatch(says);
  });

  it.each([
    '<https://a.com>\nb.com\n',
    '[a](https://a.com)\n',
    '[b.com]',
    '{x}',
    '<a.com',
    '<',

    '\n'.repeat(9000),
  ])('but not a list that only begins like one: %j', async (body) => {
    const { rows, report } = await readSent({ type: TEXT, body });
    expect(rows.length + report.blank).toBe(report.lines);
  });
});

describe('cells that a spreadsheet wrote as formulas', () => {
  it('are the texts within, in targets, ids and headers', async () => {
    const body = '="Domain",="Number"\n="a.com",="007"\n="https://b.com/x","=""008"""\nc.com,9\n="d".com,\n';
    const list = { type: CSV, query: { column: 'Domain', id_column: 'Number' }, body };
    expect(await rowsOf(list)).toEqual([
      [2, 'a.com', '007'],
      [3, 'https://b.com/x', '008'],
      [4, 'c.com', '9'],
      [5, '="d".com', null],
    ]);
    const { report } = await readSent(list);
    expect(report).toMatchObject({ header: 1, column: 'Domain', id_column: 'Number' });
  });

  it('make a header of a heading by itself, and lose nothing at a separator within', async () => {
    const body = '="Domain"\n="a.com"\n="https://b.com/x,y"\n';
    const { rows, report } = await readSent({ type: CSV, body });
    expect(report.header).toBe(1);
    expect(rows.map(({ input }) => input)).toEqual(['a.com', 'https://b.com/x,y']);
    const cut = await readSent({ type: CSV, query: { separator: ',' }, body });
    expect(cut.rows).toMatchObject([{ input: 'a.com' }, { line: 3, code: 'too_many_fields' }]);
  });
});

describe('lines as programs write them', () => {
  it.each<[string, string]>([
    ['tabs at the end', 'a.com\t\nb.com\t\nc.com\t\t\n'],
    ['spaces that do not break', 'a.com\u00a0\n\u00a0b.com\nc.com \u3000\n'],
    ['dots at the end', 'a.com.\nb.com.\nc.com.\n'],
    ['line ends of Windows', 'a.com\r\nb.com\r\nc.com\r\n'],
  ])('are taken with %s', async (_, body) => {
    const { rows, report } = await readSent({ type: TEXT, body });
    expect(rows).toHaveLength(3);
    expect(report.invalid_sample).toEqual([]);
  });

  it('are rows, blank or comments, each', async () => {
    const body = 'User-agent: *\n\n# ads\n0.0.0.0 a.com\n||b.com^\n- c.com\nsite:d.com\n“e.com”\n';
    const { rows, report } = await readSent({ type: TEXT, body });
    expect({ rows: rows.length, blank: report.blank, comments: report.comments }).toEqual({
      rows: 6,
      blank: 1,
      comments: 1,
    });
    expect(report.invalid_sample.map(({ message }) => message)).toEqual([
      expect.stringContaining('robots.txt'),
      expect.stringContaining('hosts file'),
      expect.stringContaining('ad blocker'),
      expect.stringContaining('list mark'),
      expect.stringContaining('search word'),
    ]);
  });
});
