import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { ApiProblem } from '../src/problem.js';
import { readSent } from './read-lists.js';

const CSV = 'text/csv';

interface Sent {
  readonly query?: Record<string, string>;
  readonly body: string;
}

async function lines({ query = {}, body }: Sent): Promise<string[]> {
  const { rows } = await readSent({ type: CSV, query, body });
  return rows.map(({ line, input, id, code }) => [line, input, id, code && `!${code}`].filter(Boolean).join(' '));
}

describe('a record that is too short', () => {
  it.each<[string, Sent, string[]]>([
    [
      'for its target is invalid, and shown whole',
      { query: { column: 'Page' }, body: 'Note,Page\nx,https://a.com/\ny\nz,https://b.com/\n' },
      ['2 https://a.com/', '3 y !too_few_fields', '4 https://b.com/'],
    ],
    [
      'by a line end within it is invalid',
      { query: { column: '2' }, body: '1,a.com\n2\n,b.com,x\n3,c.com\n' },
      ['1 a.com', '2 2 !too_few_fields', '3 b.com', '4 c.com'],
    ],
    [
      'for its id has none, as where a spreadsheet leaves out what is empty at the end',
      { query: { column: 'Page', id_column: 'Id' }, body: 'Page,Note,Id\na.com,x,7\nb.com\nc.com,\n' },
      ['2 a.com 7', '3 b.com', '4 c.com'],
    ],
    [
      'for its target keeps its id',
      { query: { column: '2', id_column: '1' }, body: '#1,a.com\n#2\n' },
      ['1 a.com #1', '2 #2 #2 !too_few_fields'],
    ],
  ])('%s', async (_, ...[sent, rows]) => {
    expect(await lines(sent)).toEqual(rows);
  });
});

describe('rows of a sheet in which nothing stands', () => {
  it.each<[string, Sent, string[], number]>([
    ['at the end', { body: 'URL;Hits;Note\na.com;1;\n;;\n;;\n' }, ['2 a.com'], 2],
    ['at the beginning', { query: { column: 'URL' }, body: ';;\n ; ;\t\nURL;Hits;Note\na.com;1;x\n' }, ['4 a.com'], 2],
    ['in between, with CR as line end', { body: 'a.com,1\r,\rb.com,2\r' }, ['1 a.com', '3 b.com'], 1],
    ['with tabs', { query: { separator: 'tab' }, body: 'a.com\t1\n\t\nb.com\t2\n\t\t' }, ['1 a.com', '3 b.com'], 2],
    ['with a character of the list itself', { body: 'sep=^\na.com^1\n^\n' }, ['2 a.com'], 1],
    ['are no rows that lack their target', { body: 'a.com,1\n,2\n' }, ['1 a.com', '2 !malformed'], 0],
    ['are no empty fields in quotes', { body: 'a.com,1\n"",\n' }, ['1 a.com', '2 !malformed'], 0],
  ])('%s are blank lines', async (_, ...[sent, rows, blank]) => {
    const { report, rows: read } = await readSent({ type: CSV, query: sent.query ?? {}, body: sent.body });
    expect(report.blank).toBe(blank);
    const invalid = new Map(report.invalid_sample.map(({ line, code }) => [line, code]));
    const shown = read.map(({ line, input }) => {
      const code = invalid.get(line);
      return [line, input, code && `!${code}`].filter(Boolean).join(' ');
    });
    expect(shown).toEqual(rows);
  });

  it('pass however many they are, before the first record and behind it', async () => {
    const blank = fc.constantFrom('\n', ' \r\n', '\r', ';;\n', '\t\t\n', ' ; ; \r\n');
    const saysSeparator = fc.boolean();
    await fc.assert(
      fc.asyncProperty(blank, fc.integer({ min: 700_000, max: 1_200_000 }), saysSeparator, async (one, most, says) => {
        const blanks = Math.ceil(most / one.length);
        const body = `${says ? 'sep=;\n' : ''}${one.repeat(blanks)}URL;Hits\n${one}a.com;1\n`;
        const { rows, report } = await readSent({ type: CSV, query: { column: 'URL' }, body, places: [1, 6, 7, 9999] });
        const line = blanks + (says ? 2 : 1);
        expect(rows).toEqual([{ line: line + 2, input: 'a.com', id: null }]);
        expect(report).toMatchObject({ blank: blanks + 1, header: line, separator: ';' });
      }),
      { numRuns: slowTries(12) },
    );
  });

  it('alone are an empty list, not a long line', async () => {
    const { rows, report } = await readSent({ type: CSV, body: '\n'.repeat(2_000_000) });
    expect(rows).toEqual([]);
    expect(report).toMatchObject({ blank: 2_000_000, lines: 2_000_000 });
  });
});

describe('a packed list', () => {
  it('whose members are padded has all its rows', async () => {
    const body = Buffer.concat([
      gzipSync('URL;Hits\na.com;1\n'),
      Buffer.alloc(512),
      gzipSync('b.com;2\n'),
      Buffer.alloc(99),
    ]);
    const { rows } = await readSent({ type: CSV, body, places: [5, 40, 300, 560] });
    expect(rows.map(({ input }) => input)).toEqual(['a.com', 'b.com']);
  });

  it.each([
    ['text', Buffer.from('b.com\n')],
    ['padding and text', Buffer.concat([Buffer.alloc(512), Buffer.from('b.com\n')])],
    ['a part of a second', gzipSync('b.com\n').subarray(0, 15)],
  ])('with %s behind it is refused', async (_, behind) => {
    const reading = readSent({ type: 'text/plain', body: Buffer.concat([gzipSync('a.com\n'), behind]) });
    const error = await reading.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ code: 'invalid_compression', message: expect.stringContaining('after it') });
  });
});
