import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { ApiProblem } from '../src/problem.js';
import { parseCsvForm } from '../src/submit/list/csv-columns.js';
import type { InputRow } from '../src/submit/submission.js';
import { csv, lines, ndjson, read, refusal, text } from './lists.js';

const LINE_END = /\r\n?|\n/;

describe('CSV', () => {
  it.each<[string, Record<string, string>, string, string[]]>([
    ['a list of one column', {}, 'a.com\nb.com', ['1 a.com', '2 b.com']],
    ['a header', {}, 'domain\na.com\n', ['2 a.com']],
    ['a header that is not one', {}, 'first.com\nb.com\n', ['1 first.com', '2 b.com']],
    ['a page at first', {}, 'https://a.com/x\nb.com\n', ['1 https://a.com/x', '2 b.com']],
    ['a row that is no header either', {}, 'a.com/x\n1.2.3.4\n', ['1 a.com/x', '2 1.2.3.4']],
    ['a header of several words', {}, 'Ziel-Domains 2_a\na.com\n', ['2 a.com']],
    ['a word that may be a host', {}, 'localhost\na.com\n', ['2 a.com']],
    ['a page with a space', {}, 'https://a.com/my page\nb.com', ['1 https://a.com/my page', '2 b.com']],
    ['a page of a single label', {}, 'http://localhost/\nb.com', ['1 http://localhost/', '2 b.com']],
    ['a space in a host', {}, 'http://exa mple.com/\nb.com', ['1 http://exa mple.com/', '2 b.com']],
    ['a space behind a scheme', {}, 'https:// a.com\nb.com', ['1 https:// a.com', '2 b.com']],
    ['a host that is none', {}, 'https://%zz/\nb.com', ['1 https://%zz/', '2 b.com']],
    ['a quote in a host', {}, 'exam"ple.com,x', ['1 exam"ple.com']],
    ['a full stop of another script', {}, '例え。x y\nb.com', ['1 例え。x y', '2 b.com']],
    ['a port, an address and a number', {}, 'x:80\nme@x\n7', ['1 x:80', '2 me@x', '3 7']],
    ['an empty first field', {}, '"",x\nb.com,y', ['1 ', '2 b.com']],
    ['every kind of line end', {}, 'site\r\na.com\rb.com\n\rc.com', ['2 a.com', '3 b.com', '5 c.com']],
    ['lines that end in CR alone', {}, 'domain\ra.com\r"b.com"\r', ['2 a.com', '3 b.com']],
    [
      'every line end in quotes',
      { id_column: '2' },
      'a.com,"1\r2\r\n3\n"\rb.com,',
      ['1 a.com #1\r2\r\n3\n', '5 b.com'],
    ],
    ['a return within the first quotes', { column: '2' }, '"x\ry",a.com\n', ['1 a.com']],
    ['a header that is said to be one', { header: 'true' }, 'first.com\nb.com\n', ['2 b.com']],
    ['no header, as is said', { header: 'false' }, 'domain\na.com\n', ['1 domain', '2 a.com']],
    ['a byte order mark', { column: 'domain' }, '\ufeffdomain\r\na.com\r\n', ['2 a.com']],
    ['a quoted name behind the mark', { column: 'domain' }, '\ufeff"domain","x"\na.com,1\n', ['2 a.com']],
    [
      'columns by name',
      { column: ' Site ', id_column: 'no' },
      'no, Site ,x\n7,a.com,\n,b.com,y\n',
      ['2 a.com #7', '3 b.com'],
    ],
    ['columns by number', { column: '2', id_column: '1' }, '7,a.com\n8,b.com\n', ['1 a.com #7', '2 b.com #8']],
    ['the other column as the first row', { column: '2' }, 'a.com,domain\nb.com,c.com', ['2 c.com']],
    ['CRLF and blank lines', {}, '\r\n\na.com\r\n  \r\n\nb.com\r\n', ['3 a.com', '6 b.com']],
    [
      'lines within quotes',
      { id_column: '2' },
      'a.com,"x\ny\r\n""z"""\n\nb.com,q',
      ['1 a.com #x\ny\r\n"z"', '5 b.com #q'],
    ],
    ['a header of several lines', { column: 'my\nsite' }, 'x,"my\nsite"\n1,a.com', ['3 a.com']],
    ['quotes in a target', {}, '"a.com"\n"b""c"\n""\n', ['1 a.com', '2 b"c', '3 ']],
    ['a quote that does not begin a field', {}, 'a.com\nb"c".com\n x "y"\n', ['1 a.com', '2 b"c".com', '3  x "y"']],
    ['commas in quotes', { column: '2' }, '"a,b",c.com,"\n"\n', ['1 c.com']],
    ['empty fields', { column: '2' }, 'x,a.com,\ny,,\n,,', ['1 a.com', '2 ']],
    ['an empty field at the end', { column: '2' }, 'x,a.com\ny,', ['1 a.com', '2 ']],
    ['a return at the end', {}, 'a.com\nb.com\r', ['1 a.com', '2 b.com']],
    ['a quoted field at the end', {}, 'a.com\n"b.com"\r', ['1 a.com', '2 b.com']],
    ['other letters', { column: 'größe' }, 'größe\nbücher.de\n"é""é.de"\n', ['2 bücher.de', '3 é"é.de']],
    ['a long id of other letters', { id_column: '2' }, `a.com,${'é'.repeat(255)}\n`, [`1 a.com #${'é'.repeat(255)}`]],
    ['ids with a quote or a tab', { id_column: '2' }, 'a.com,b"c\nb.com,\t\\\n', ['1 a.com #b"c', '2 b.com #\t\\']],
    ['nothing', {}, '', []],
  ])('takes %s', async (_, ...[query, body, expected]) => {
    expect(await lines(csv(query), body)).toEqual(expected);
  });

  it.each<[string, Record<string, string>, string, number, string]>([
    ['a quote that is not closed', {}, 'a.com\n\n"b.com\nc.com\n', 3, 'csv_quote'],
    ['a quote opened on a later line of its record', {}, 'a.com,"\n\n","b', 3, 'csv_quote'],
    ['a quote that is not closed for 64 KiB', {}, `a.com\n"b\n${'c.com\n'.repeat(30_000)}`, 2, 'csv_quote'],
    ['text behind a closing quote', {}, 'a.com\n"b"c.com\n', 2, 'csv_quote'],
    ['a column beyond the header', { column: '3' }, '\na,b\n', 2, 'csv_column'],
    ['a name that is not there', { column: 'domian' }, 'domain\na.com\n', 1, 'csv_column'],
    ['a name that is there twice', { column: 'd' }, 'd,d\na.com,b.com\n', 1, 'csv_column'],
    ['a record over 64 KiB', { column: '2' }, `x,a.com\n${'x'.repeat(65_537)},a.com\n`, 2, 'line_too_long'],
    ['a record of many fields', {}, `a.com\na.com${','.repeat(65_600)}\n`, 2, 'line_too_long'],
    ['an id that is too long', { id_column: '2' }, `a.com,${'x'.repeat(256)}\n`, 1, 'invalid'],
  ])('refuses %s, and names the line', async (_, ...[query, body, line, code]) => {
    for (const places of [[], Array.from({ length: 200 }, (_unused, at) => at * 331)]) {
      const { errors } = await refusal(csv(query), body, places);
      expect(errors[0]).toMatchObject({ line, code });
    }
  });

  it('takes many blank lines between a title and a header, and names more than it looks at', async () => {
    const list = (blanks: number) => `Export\n${'\n'.repeat(blanks)}no,site\n1,a.com\n`;
    const bySite = csv({ column: 'site' });
    expect(await lines(bySite, list(1_000_000))).toEqual(['1000003 a.com']);
    for (const places of [[], Array.from({ length: 20 }, (_, at) => at * 60_000)]) {
      const { errors } = await refusal(bySite, list(1_200_000), places);
      const message = 'No header was found before line 2, and more than 1 MiB of blank lines follows: take them out.';
      expect(errors).toEqual([{ line: 2, code: 'csv_column', message }]);
    }
  });

  it('says which column may have been meant', async () => {
    expect((await refusal(csv({ column: 'domian' }), 'domain,x\n')).message).toContain('`domain`');
  });

  it.each<Record<string, string>>([
    { column: '0' },
    { column: '' },
    { id_column: '99999999999999999999' },
    { header: 'yes' },
    { header: 'false', column: 'domain' },
    { header: 'false', id_column: 'id' },
  ])('has no form like %j', (query) => {
    expect(() => parseCsvForm(query)).toThrow(ApiProblem);
  });

  const field = fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.stringMatching(/^[a",\r\n ]{0,6}$/));
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const bare = /^(?!")[^,\r\n]*$/;
  const table = fc.integer({ min: 2, max: 4 }).chain((columns) =>
    fc.record({
      columns: fc.constant(columns),
      records: fc.array(
        fc.record({
          fields: fc.array(fc.tuple(field, fc.boolean()), { minLength: columns, maxLength: columns }),
          end: fc.constantFrom('\n', '\r\n', '\r'),
          blanks: fc.nat(2),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      column: fc.nat(columns - 1),
      idColumn: fc.nat(columns - 1),
      places: fc.array(fc.nat(400), { maxLength: 20 }),
    }),
  );

  it('is read back as it was written, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(table, async ({ records, column, idColumn, places }) => {
        let body = '';
        const expected: InputRow[] = [];
        for (const { fields, end, blanks } of records) {
          const texts = fields.map(([text]) => text);
          const line = body.split(LINE_END).length;
          body += fields.map(([, plain], at) => written(texts[at] ?? '', plain)).join(',') + end;
          body += end.repeat(blanks);
          const isBlank = fields.every(([text, plain]) => plain && /^[\s,;|]*$/.test(text) && bare.test(text));
          if (!isBlank) expected.push({ line, input: texts[column] ?? '', id: texts[idColumn] || null });
        }
        const make = csv({ header: 'false', column: String(column + 1), id_column: String(idColumn + 1) });
        // A mark is no text, and a zero beside a character is UTF-16.
        fc.pre(!body.startsWith('\ufeff') && !body.slice(0, 2).includes('\0'));
        expect(await read(make, body, places)).toEqual(expected);
      }),
      { numRuns: tries(200) },
    );
    function written(text: string, plain: boolean): string {
      return plain && bare.test(text) ? text : quoted(text);
    }
  });
});

describe('any list', () => {
  it('is read alike however it comes', async () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '.', ' ', '\r', '\n', 'é', '💩', '\ufeff', '"') });
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(fc.nat(30)), async (body, places) => {
        expect(await read(text, body, places)).toEqual(await read(text, body));
      }),
      { numRuns: tries(100) },
    );
  });

  it('has the lines that a text has, but for blank ones and a mark', async () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '.', ' ', '\r', '\n', 'é', '\u00a0') });
    await fc.assert(
      fc.asyncProperty(anyText, async (body) => {
        const rows = body.split(LINE_END).map((input, at) => ({ line: at + 1, input, id: null }));
        expect(await read(text, body)).toEqual(rows.filter(({ input }) => input.trim() !== ''));
      }),
    );
  });

  it.each<[string, Buffer, number]>([
    ['a wrong byte', Buffer.from('a.com\n\nb\xff.com\n', 'latin1'), 3],
    ['half a character before a line feed', Buffer.from('a.com\n\xc3\nb.com', 'latin1'), 2],
    ['half a character at the end', Buffer.from('a.com\nb.com\n\xe2\x82', 'latin1'), 3],
    ['half a mark', Buffer.from('\xef\xbb', 'latin1'), 1],
    ['a surrogate', Buffer.from('a\n\xed\xa0\x80', 'latin1'), 2],
  ])('is refused with %s, and the line is named', async (_, body, line) => {
    for (const make of [text, ndjson, csv({ header: 'false' })]) {
      const bytes =
        make === ndjson ? Buffer.from(body.toString('latin1').replaceAll(/[a-z.]+/g, '"$&"'), 'latin1') : body;
      for (const places of [[], Array.from({ length: bytes.length }, (_unused, at) => at)]) {
        expect((await refusal(make, bytes, places)).errors[0]).toMatchObject({ line, code: 'invalid_encoding' });
      }
    }
  });
});
