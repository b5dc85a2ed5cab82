import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { linesOf, readSent, refusalOf, utf16 } from './read-lists.js';

const CSV = 'text/csv';
const TEXT = 'text/plain';

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
    expect(await linesOf({ type, query, body })).toEqual(rows);
  });

  it('that is nowhere is refused, with the columns that there are', async () => {
    const body = 'Export of today\nRank;Source URL;Hits\n1;https://a.com/;2\n';
    const { message, errors } = await refusalOf({ type: CSV, query: { column: 'Source url' }, body });
    expect(errors[0]).toMatchObject({ line: 2, pointer: 'column', code: 'csv_column' });
    expect(message).toContain('did you mean `Source URL`?');
    expect(message).toContain('1 `Rank`, 2 `Source URL`, 3 `Hits`');
    expect((await refusalOf({ type: CSV, query: { column: '4' }, body: 'a;b\n' })).message).toContain(
      'there is no column 4',
    );
  });

  it('is found by its name, whatever marks stand around it that are not seen', async () => {
    const body = '\u200b Page\u00a0;\ufeffId\na.com;7\n';
    const { rows, report } = await readSent({ type: CSV, query: { column: 'Page', id_column: 'Id' }, body });
    expect(rows).toMatchObject([{ line: 2, input: 'a.com', id: '7' }]);
    expect(report).toMatchObject({ column: 'Page', id_column: 'Id' });
  });

  it('that holds the whole list, because its line ends were lost, is named', async () => {
    for (const body of ['Page,Hitshttps://a.com/,1https://b.com/,2', 'Page\n\n;;\n']) {
      const { message, errors } = await refusalOf({ type: CSV, body });
      expect(errors).toMatchObject([{ line: 1, code: 'no_rows' }]);
      expect(message).toContain('--data-binary');
    }
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
    expect(await linesOf({ type: CSV, body })).toEqual(rows);
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

describe('a line of NDJSON whose id is no text', () => {
  it.each([
    ['{"target":"a.com","id":7}', 'Line 1: `id` is the number 7: send it as text, "7".'],
    ['{"target":"a.com","id":null}', 'Line 1: `id` is null: leave it out where a row has none.'],
  ])('%s is refused in one sentence', async (body, says) => {
    expect((await refusalOf({ type: 'application/x-ndjson', body })).message).toBe(says);
  });
});

describe('one list', () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const target = fc.constantFrom('a.com', 'bücher.de', 'https://a.com/x', 'https://b.com/?q=1', 'not one', 'x');
  // Lines of a quoted cell that have all columns between tabs are rows: csv-quotes.test.ts has those.
  const note = fc
    .stringMatching(/^[a-zé",;|\t\r\n ]{0,8}$/)
    .filter((text) => !(text.includes('\t') && /[\r\n]/.test(text)));
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
    expect(await linesOf({ type: CSV, body })).toEqual(['2 https://a.com/x', '3 https://a.com/y,z, !too_many_fields']);
    const noHeader = `${'https://a.com/x,\n'.repeat(10)}https://a.com/y,z\n`;
    expect((await linesOf({ type: CSV, body: noHeader })).at(-1)).toBe('11 https://a.com/y,z !too_many_fields');
  });

  it('a column that is not there is named also where the fields are quoted', async () => {
    const body = '"Address","Type"\n"https://a.com/","text/html"\n';
    const { errors } = await refusalOf({ type: CSV, query: { column: 'address' }, body });
    expect(errors[0]).toMatchObject({ line: 1, code: 'csv_column', message: expect.stringContaining('`Address`?') });
    expect((await refusalOf({ type: CSV, query: { column: '9' }, body })).errors[0]).toMatchObject({
      code: 'csv_column',
    });
  });

  it('a title without the column that is asked for is named as such', async () => {
    const { message } = await refusalOf({ type: CSV, query: { column: '3' }, body: 'Report\nA,B,C\n1,2,c.com\n' });
    expect(message).toContain('no column 3 in the first record: if that is a title');
  });

  it('an endless first record is refused at 64 KiB, with its line', async () => {
    const body = `sep=,\n${','.repeat(300_000)}`;
    expect((await refusalOf({ type: CSV, body })).errors[0]).toMatchObject({ line: 2, code: 'line_too_long' });
  });

  it('gzip within gzip is refused by name', async () => {
    const { message } = await refusalOf({ type: TEXT, body: gzipSync(gzipSync('a.com\n')) });
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
