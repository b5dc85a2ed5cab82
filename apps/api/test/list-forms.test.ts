import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { ApiProblem } from '../src/problem.js';
import { readSent, type SentList } from './read-lists.js';

const CSV = 'text/csv';
const TEXT = 'text/plain';
const TABS = 'text/tab-separated-values';

async function lines(list: SentList): Promise<string[]> {
  return (await readSent(list)).rows.map(({ line, input, code }) => `${line} ${input}${code ? ` !${code}` : ''}`);
}

async function refusal(list: SentList): Promise<ApiProblem> {
  const error = await readSent(list).catch((reason: unknown) => reason);
  if (error instanceof ApiProblem) return error;
  throw new Error('the list was taken');
}

const utf16 = (text: string, order: 'le' | 'be' = 'le') => {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

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
    expect(await lines({ type: CSV, query, body })).toEqual(rows);
  });

  it('text with a separator is a CSV, and a table with tabs is one', async () => {
    const text = await readSent({ type: TEXT, query: { separator: ';', column: '2' }, body: '1;a.com\n' });
    expect(text.report).toMatchObject({ format: 'csv', separator: ';', column: 2, header: null });
    const table = await readSent({ type: TABS, body: 'a.com\tx\n' });
    expect(table.report).toMatchObject({ format: 'csv', separator: 'tab' });
  });

  it('between tabs, quotes around a part of a field are text', async () => {
    const body = 'title\turl\n"a" b\thttps://a.com/\n5" c\tb.com\n"d\te"\tc.com\n"f ""g"""\td.com\n""h"\te.com\n';
    const rows = ['2 https://a.com/', '3 b.com', '4 c.com', '5 d.com', '6 e.com'];
    for (const places of [[], Array.from(body, (_, at) => at)]) {
      expect(await lines({ type: TABS, query: { column: 'url' }, body, places })).toEqual(rows);
    }
    const withCommas = '"URL","a "b" c"\n"a.com","x"\n';
    for (const type of [CSV, TABS]) {
      expect((await refusal({ type, body: withCommas })).errors[0]).toMatchObject({ line: 1, code: 'csv_quote' });
    }
  });
});

describe('the header', () => {
  it.each<[string, string, Record<string, string>, string, string[]]>([
    [
      'stands below a title',
      CSV,
      { column: 'Address' },
      '"Internal - HTML"\n\n"Address","Code"\na.com,200\n',
      ['4 a.com'],
    ],
    ['is the first of two', CSV, { column: 'd' }, 'd\nd\na.com', ['2 d', '3 a.com']],
    ['is absent, as the type says', 'text/csv; header=absent', {}, 'domain\na.com', ['1 domain', '2 a.com']],
    ['is present, as the type says', 'text/csv; header="present"', {}, 'x.com\na.com', ['2 a.com']],
    [
      'is what the request says rather',
      'text/csv; header=present',
      { header: 'false' },
      'x.com\na.com',
      ['1 x.com', '2 a.com'],
    ],
  ])('%s', async (_, ...[type, query, body, rows]) => {
    expect(await lines({ type, query, body })).toEqual(rows);
  });

  it('that is nowhere is refused, with the columns that there are', async () => {
    const body = 'Export of today\nRank;Source URL;Hits\n1;https://a.com/;2\n';
    const { message, errors } = await refusal({ type: CSV, query: { column: 'Source url' }, body });
    expect(errors[0]).toMatchObject({ line: 2, pointer: 'column', code: 'csv_column' });
    expect(message).toContain('did you mean `Source URL`?');
    expect(message).toContain('1 `Rank`, 2 `Source URL`, 3 `Hits`');
    expect((await refusal({ type: CSV, query: { column: '4' }, body: 'a;b\n' })).message).toContain(
      'there is no column 4',
    );
  });
});

describe('a record with more fields than there are columns', () => {
  it.each([
    [
      'than the header',
      'URL,Hits\nhttps://a.com/x,y,12\nhttps://b.com/,3,\n',
      ['2 https://a.com/x,y,12 !too_many_fields', '3 https://b.com/'],
    ],
    [
      'than the first ones',
      `${'https://a.com/,1\n'.repeat(10)}https://a.com/x,y,12\n`,
      [
        ...Array.from({ length: 10 }, (_, at) => `${at + 1} https://a.com/`),
        '11 https://a.com/x,y,12 !too_many_fields',
      ],
    ],
  ])('%s is invalid', async (_, body, rows) => {
    expect(await lines({ type: CSV, body })).toEqual(rows);
  });

  it('makes the answer ask for a title, where most have them', async () => {
    const { report } = await readSent({ type: CSV, body: 'Export\nAddress,Code\na.com,1\nb.com,2\n' });
    expect(report.invalid_sample[0]?.message).toContain('Is line 1 a title?');
  });
});

describe('comments of a text', () => {
  it('may be indented, or begin with a mark that is not seen', async () => {
    const body = '# a\n  # b\n\t#c\n\ufeff# d\n\u00a0#e\na.com # f\na.com\n';
    const { rows, report } = await readSent({ type: TEXT, body });
    expect(report.comments).toBe(5);
    expect(rows.map(({ line, input }) => `${line} ${input}`)).toEqual(['6 a.com # f', '7 a.com']);
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
      const { code, message, errors } = await refusal({ ...list, places });
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

describe('bytes', () => {
  it.each<[string, string, Buffer, string, string]>([
    ['UTF-16 with a mark', CSV, utf16('\ufeffSeite\tä\nhttps://ä.de/\t1\n'), 'utf-16le', 'https://ä.de/'],
    [
      'UTF-16 of the other order',
      CSV,
      utf16('\ufeffSeite\tä\nhttps://😀.la/\t1\n', 'be'),
      'utf-16be',
      'https://😀.la/',
    ],
    ['UTF-16 by its charset', 'text/plain; charset=UTF-16', utf16('a.com'), 'utf-16le', 'a.com'],
    [
      'UTF-16 of the other order by its charset',
      'text/plain; charset=utf-16',
      utf16('a.com', 'be'),
      'utf-16be',
      'a.com',
    ],
    [
      'Windows',
      'text/plain; charset=windows-1252',
      Buffer.from('b\xfccher.de/\x80', 'latin1'),
      'windows-1252',
      'bücher.de/€',
    ],
    ['Latin 1', 'text/plain; charset="ISO-8859-1"', Buffer.from('b\xfccher.de', 'latin1'), 'windows-1252', 'bücher.de'],
    ['ASCII', 'text/plain; charset=us-ascii', Buffer.from('a.com'), 'us-ascii', 'a.com'],
    [
      'a mark against its charset',
      'text/plain; charset=windows-1252',
      Buffer.from('\ufeffbücher.de'),
      'utf-8',
      'bücher.de',
    ],
    ['a gzip file', TEXT, gzipSync('a.com\n'), 'utf-8', 'a.com'],
  ])('of %s are text', async (_, ...[type, body, encoding, input]) => {
    const places = Array.from({ length: body.length }, (_unused, at) => at);
    const { rows, report } = await readSent({ type, body, places });
    expect({ encoding: report.encoding, input: rows[0]?.input }).toEqual({ encoding, input });
  });

  it.each<[string, string, Buffer, RegExp]>([
    ['UTF-16 without a mark', TEXT, utf16('a.com\n'), /charset=utf-16le/],
    ['UTF-32', TEXT, Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /UTF-32/],
    ['half a pair', TEXT, utf16('\ufeffa.com\n\ud800b'), /Line 2/],
    ['half a unit', TEXT, Buffer.concat([utf16('\ufeffa.com\r'), Buffer.from('b')]), /Line 2/],
    ['another charset', 'text/plain; charset=shift_jis', Buffer.from('a.com'), /windows-1252/],
    ['no ASCII', 'text/plain; charset=us-ascii', Buffer.from('a.com\rbücher.de'), /Line 2/],
    ['no UTF-8', TEXT, Buffer.from('a.com\rb\xfccher.de', 'latin1'), /Line 2 .*charset=.*windows-1252/],
  ])('of %s are refused', async (_, ...[type, body, says]) => {
    for (const places of [[], Array.from({ length: body.length }, (_unused, at) => at)]) {
      expect((await refusal({ type, body, places })).message).toMatch(says);
    }
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'a ZIP archive',
      Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('list.csv'), Buffer.alloc(90)]),
      /ZIP.*unpack/,
    ],
    ['a short ZIP archive', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from('l.csv')]), /ZIP/],
    [
      'a workbook',
      Buffer.concat([
        Buffer.from('PK\x03\x04'),
        Buffer.alloc(26),
        Buffer.from('[Content_Types].xml'),
        Buffer.alloc(90),
      ]),
      /XLSX.*CSV/,
    ],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae100', 'hex'), /XLS.*CSV/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['a Parquet file', Buffer.from('PAR1\x15\x04'), /Parquet.*CSV/],
    ['a packed workbook', gzipSync(Buffer.from('d0cf11e0a1b11ae100', 'hex')), /XLS/],
  ])('of %s are refused by name', async (_, body, says) => {
    for (const places of [[], [1, 2, 3, 5, 31]]) {
      const { code, message } = await refusal({ type: CSV, body, places });
      expect(code).toBe('unsupported_media_type');
      expect(message).toMatch(says);
    }
  });

  it('that only begin like such a file are a list', async () => {
    for (const body of ['P', 'PK', 'pk.com', 'PAR1.com', '%', '7z.com', '\x1f']) {
      expect((await readSent({ type: TEXT, body })).rows).toMatchObject([{ input: body }]);
    }
  });
});

describe('a line of NDJSON whose id is no text', () => {
  it.each([
    ['{"target":"a.com","id":7}', 'Line 1: `id` is the number 7: send it as text, "7".'],
    ['{"target":"a.com","id":null}', 'Line 1: `id` is null: leave it out where a row has none.'],
  ])('%s is refused in one sentence', async (body, says) => {
    expect((await refusal({ type: 'application/x-ndjson', body })).message).toBe(says);
  });
});

describe('one list', () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const target = fc.constantFrom('a.com', 'bücher.de', 'https://a.com/x', 'https://b.com/?q=1', 'not one', 'x');
  const note = fc.stringMatching(/^[a-zé",;|\t\r\n ]{0,8}$/);
  const written = fc.record({
    separator: fc.constantFrom(',', ';', '\t', '|'),
    encoding: fc.constantFrom('utf8', 'utf16le', 'utf16be'),
    hasMark: fc.boolean(),
    isPacked: fc.boolean(),
    saysSeparator: fc.boolean(),
    titles: fc.nat(2),
    places: fc.array(fc.nat(600), { maxLength: 20 }),
  });
  const record = fc.record({ target, note, quoted: fc.boolean(), end, blanks: fc.nat(1) });

  function encode(
    text: string,
    { encoding, hasMark, isPacked }: { encoding: string; hasMark: boolean; isPacked: boolean },
  ) {
    const marked = hasMark || encoding !== 'utf8' ? `\ufeff${text}` : text;
    const bytes = encoding === 'utf8' ? Buffer.from(marked) : utf16(marked, encoding === 'utf16le' ? 'le' : 'be');
    return isPacked ? gzipSync(bytes) : bytes;
  }

  it('has the same rows however a CSV of it is written, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 12 }), written, async (records, way) => {
        let text = way.saysSeparator ? `sep=${way.separator}\n` : '';
        text += '"An export, ""of today"""\r\n'.repeat(way.titles);
        text += ['Note', 'Page', 'Id'].join(way.separator).concat('\n');
        const countLines = () => text.split(/\r\n?|\n/).length;
        const headerLine = countLines() - 1;
        const expected: unknown[] = [];
        let blank = 0;
        for (const [at, one] of records.entries()) {
          const quote = (field: string, isNeeded: boolean) => (isNeeded ? `"${field.replaceAll('"', '""')}"` : field);
          expected.push({ line: countLines(), input: one.target, id: `#${at}` });
          text += [quote(one.note, true), quote(one.target, one.quoted), quote(`#${at}`, false)].join(way.separator);
          text += one.end + one.end.repeat(one.blanks);
          blank += one.blanks;
        }
        const { rows, report } = await readSent({
          type: CSV,
          query: { column: 'Page', id_column: 'Id' },
          body: encode(text, way),
          places: way.places,
        });
        expect(rows).toEqual(expected);
        expect(report).toMatchObject({
          blank,
          header: headerLine,
          lines: countLines() - 1,
          column: 'Page',
          id_column: 'Id',
        });
      }),
      { numRuns: tries(30) },
    );
  });

  it('has the same rows however a text of it is written, and each line is a row, blank or a comment', async () => {
    const line = fc.record({ text: fc.oneof(target, fc.constantFrom('', ' ', '# note', '#')), end });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), written, async (all, way) => {
        // A line that ends in CR, and an empty one that ends in LF, are one line.
        const text = all.map((one) => one.text + one.end).join('');
        const texts = text.split(/\r\n?|\n/).slice(0, -1);
        const { rows, report } = await readSent({ type: TEXT, body: encode(text, way), places: way.places });
        const isRow = (one: string) => one.trim() !== '' && !one.startsWith('#');
        expect(rows).toEqual(texts.flatMap((input, at) => (isRow(input) ? [{ line: at + 1, input, id: null }] : [])));
        expect(rows.length + report.blank + report.comments).toBe(texts.length);
        expect(report.lines).toBe(texts.length);
      }),
      { numRuns: tries(30) },
    );
  });
});

describe('lists out of the field', () => {
  it('a comma within a URL does not pass for an empty column at the end', async () => {
    const body = 'URL,,\nhttps://a.com/x,,\nhttps://a.com/y,z,\n';
    expect(await lines({ type: CSV, body })).toEqual(['2 https://a.com/x', '3 https://a.com/y,z, !too_many_fields']);
    const noHeader = `${'https://a.com/x,\n'.repeat(10)}https://a.com/y,z\n`;
    expect((await lines({ type: CSV, body: noHeader })).at(-1)).toBe('11 https://a.com/y,z !too_many_fields');
  });

  it('a column that is not there is named also where the fields are quoted', async () => {
    const body = '"Address","Type"\n"https://a.com/","text/html"\n';
    const { errors } = await refusal({ type: CSV, query: { column: 'address' }, body });
    expect(errors[0]).toMatchObject({ line: 1, code: 'csv_column', message: expect.stringContaining('`Address`?') });
    expect((await refusal({ type: CSV, query: { column: '9' }, body })).errors[0]).toMatchObject({
      code: 'csv_column',
    });
  });

  it('a title without the column that is asked for is named as such', async () => {
    const { message } = await refusal({ type: CSV, query: { column: '3' }, body: 'Report\nA,B,C\n1,2,c.com\n' });
    expect(message).toContain('no column 3 in the first record: if that is a title');
  });

  it('an endless first record is refused at 64 KiB, with its line', async () => {
    const body = `sep=,\n${','.repeat(300_000)}`;
    expect((await refusal({ type: CSV, body })).errors[0]).toMatchObject({ line: 2, code: 'line_too_long' });
  });

  it('gzip within gzip is refused by name', async () => {
    const { message } = await refusal({ type: TEXT, body: gzipSync(gzipSync('a.com\n')) });
    expect(message).toContain('gzip file within a gzip file');
  });

  it('others get their turn between short lines of which none is a target', async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns++;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    await readSent({ type: TEXT, body: '^\n'.repeat(32 * 1024) });
    isOver = true;
    expect(turns).toBeGreaterThanOrEqual(8);
  });
});
