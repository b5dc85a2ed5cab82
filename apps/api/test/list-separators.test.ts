import { describe, expect, it } from 'vitest';
import { linesOf, readSent, refusalOf, type SentList } from './read-lists.js';

const CSV = 'text/csv';
const TEXT = 'text/plain';
const TABS = 'text/tab-separated-values';

describe('what separates columns is found', () => {
  it.each<[string, Record<string, string>, string, string | null, string[]]>([
    [
      'a URL first, with anchors',
      {},
      'URL;Hits;Anchor\nhttps://a.com/x;12;hi, you\nhttps://b.com/;3;\n',
      ';',
      ['2 https://a.com/x', '3 https://b.com/'],
    ],
    ['one row behind a header', {}, 'URL|Hits\nhttps://a.com/x|12\n', '|', ['2 https://a.com/x']],
    [
      'URLs with a query',
      {},
      'https://a.com/?x=1;5;\nhttps://b.com/?y=2;6;\n',
      ';',
      ['1 https://a.com/?x=1', '2 https://b.com/?y=2'],
    ],
    [
      'URLs with commas here and there',
      {},
      'https://a.com/x,1.html;5\nhttps://a.com/y;6\nhttps://a.com/z,2,3.html;7\n',
      ';',
      ['1 https://a.com/x,1.html', '2 https://a.com/y', '3 https://a.com/z,2,3.html'],
    ],
    [
      'URLs with semicolons here and there',
      {},
      'https://a.com/x;1.html,5\nhttps://a.com/y,6\n',
      ',',
      ['1 https://a.com/x;1.html', '2 https://a.com/y'],
    ],
    [
      'session ids',
      {},
      'https://a.com/x;jsessionid=1\nhttps://a.com/y;jsessionid=2\n',
      ',',
      ['1 https://a.com/x;jsessionid=1', '2 https://a.com/y;jsessionid=2'],
    ],
    ['a column of URLs', {}, 'https://a.com/\nhttps://b.com/\n', ',', ['1 https://a.com/', '2 https://b.com/']],
    [
      'quoted fields with lines and separators',
      { column: 'Page' },
      '"Title";"Page"\n"a; ""b""\r\nc";"https://a.com/"\n"d\re";"https://b.com/"\n',
      ';',
      ['2 https://a.com/', '4 https://b.com/'],
    ],
    ['tabs', { column: 'Page' }, '"Title"\t"Page"\n"a, b"\t"https://a.com/"\n', 'tab', ['2 https://a.com/']],
    ['a first line that says it', {}, 'sep=;\r\nURL;Hits\r\nhttps://a.com/;1\r\n', ';', ['3 https://a.com/']],
    ['a first line with a tab', {}, 'sep=\t\na.com\t1\n', 'tab', ['2 a.com']],
    ['a first line with something rare', {}, '"sep=^"\na.com^1\n', '^', ['2 a.com']],
    ['as the request says', { separator: '|' }, 'sep=;\na.com|1;2\n', '|', ['2 a.com']],
    ['nothing, as the request says', { separator: 'none' }, 'https://a.com/x,1;2\n', null, ['1 https://a.com/x,1;2']],
    ['nothing that is valid', {}, 'a;b\nc;d\n', ',', ['1 a;b', '2 c;d']],
  ])('%s', async (_, ...[query, body, separator, rows]) => {
    const { report } = await readSent({ type: CSV, query, body });
    expect(report.separator).toBe(separator);
    expect(await linesOf({ type: CSV, query, body })).toEqual(rows);
  });

  it('text with a separator is a CSV, and a table with tabs is one', async () => {
    const text = await readSent({ type: TEXT, query: { separator: ';', column: '2' }, body: '1;a.com\n' });
    expect(text.report).toMatchObject({ format: 'csv', separator: ';', column: 2, header: null });
    const table = await readSent({ type: TABS, body: 'a.com\tx\n' });
    expect(table.report).toMatchObject({ format: 'csv', separator: 'tab' });
  });
});

describe('text that looks like columns', () => {
  const table = (separator: string, rows = 3) =>
    Array.from({ length: rows }, (_, at) => ['https://a.com/x', at, 'word'].join(separator));

  it.each<[string, SentList, string]>([
    ['semicolons', { type: TEXT, body: table(';').join('\n') }, 'separator=;'],
    [
      'tabs, a header and comments',
      { type: TEXT, body: ['# x', 'URL\tHits\tWord', ...table('\t', 2)].join('\r\n') },
      'separator=tab',
    ],
    ['nine in ten', { type: TEXT, body: [...table('|', 9), 'b.com'].join('\n') }, 'separator=|'],
    [
      'cells of a CSV',
      {
        type: CSV,
        body: ['a.com;1,x', 'b.com;2,y', 'c.com;3,z']
          .join('\n')
          .replaceAll('com;', 'com/;')
          .replaceAll(/^/gm, 'https://'),
      },
      'separator=;',
    ],
  ])('is refused: %s', async (_, list, says) => {
    for (const places of [[], [1, 20, 40]]) {
      const { code, message, errors } = await refusalOf({ ...list, places });
      expect({ code, error: errors[0]?.code }).toEqual({ code: 'looks_separated', error: 'looks_separated' });
      expect(message).toContain(says);
    }
  });

  it.each<[string, SentList]>([
    ['two rows', { type: TEXT, body: table(';', 2).join('\n') }],
    ['rows that differ', { type: TEXT, body: 'https://a.com/;1\nhttps://a.com/;1;2\nhttps://a.com/;1;2;3\n' }],
    ['eight in ten', { type: TEXT, body: [...table('|', 8), 'b.com', 'c.com'].join('\n') }],
    ['session ids', { type: TEXT, body: 'https://a.com/;jsessionid=1\n'.repeat(3) }],
    ['queries', { type: TEXT, body: 'https://a.com/?a=1;b\n'.repeat(3) }],
    ['what is said to be so', { type: TEXT, query: { separator: 'none' }, body: table(';').join('\n') }],
    ['what begins after a hundred rows', { type: TEXT, body: ['a.com\n'.repeat(100), ...table(';')].join('\n') }],
  ])('is taken: %s', async (_, list) => {
    expect((await readSent(list)).rows.length).toBeGreaterThan(1);
  });
});

describe('a list that may not be meant as it is read has a hint', () => {
  const hintsOf = async (list: SentList) =>
    (await readSent(list)).report.hints.map(({ line, code }) => `${line} ${code}`);

  it.each<[string, SentList, string[]]>([
    [
      'columns with commas, as text',
      { type: TEXT, body: '# x\nhttps://a.com/,hi\nhttps://b.com/,you\nhttps://c.com/,all\n' },
      ['2 commas_alike'],
    ],
    ['the same between tabs', { type: TABS, body: `URL,Note\n${'https://a.com/,hi\n'.repeat(3)}` }, ['1 commas_alike']],
    ['a comma here and there', { type: TEXT, body: 'https://a.com/x,y\nhttps://b.com/\nhttps://c.com/\n' }, []],
    [
      'one column whose URLs hold commas',
      { type: CSV, body: 'https://a.com/\nhttps://b.com/x,y\nhttps://c.com/\n' },
      ['2 cut_at_separator'],
    ],
    ['records that all have columns', { type: CSV, body: 'https://a.com/,1\nhttps://b.com/,\n' }, []],
    [
      'a target above the header',
      { type: CSV, query: { column: 'Note' }, body: 'a.com,b.com\nURL,Note\nc.com,d.com\n' },
      ['1 above_header'],
    ],
    [
      'a title above the header',
      { type: CSV, query: { column: 'URL' }, body: 'Export of a.com\nURL,Note\nc.com,d\n' },
      [],
    ],
  ])('%s', async (_, ...[list, hints]) => {
    expect(await hintsOf(list)).toEqual(hints);
  });
});
