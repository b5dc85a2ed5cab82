import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { ApiProblem } from '../src/problem.js';
import { readSent, refusalOf, type SentList } from './read-lists.js';

const CSV = 'text/csv';
const TABS = 'text/tab-separated-values';
const HEAD = 'Anchor\tURL\tHits\n';

/** Each row with its line, and the hints, however the body is cut on its way. */
async function read(list: SentList): Promise<{ rows: string[]; hints: string[] }> {
  const shown = async (places: readonly number[]) => {
    const { rows, report } = await readSent({ ...list, places });
    return {
      rows: rows.map(({ line, input, code }) => `${line} ${input}${code ? ` !${code}` : ''}`),
      hints: report.hints.map(({ line, code }) => `${line} ${code}`),
    };
  };
  const whole = await shown([]);
  expect(await shown(Array.from(Buffer.from(list.body), (_, at) => at))).toEqual(whole);
  return whole;
}

describe('between tabs', () => {
  it('quotes around a part of a cell are text', async () => {
    const body = 'title\turl\n"a" b\thttps://a.com/\n5" c\tb.com\n"d\te"\tc.com\n"f ""g"""\td.com\n""h"\te.com\n';
    const { rows, hints } = await read({ type: TABS, query: { column: 'url' }, body });
    expect(rows).toEqual(['2 https://a.com/', '3 b.com', '4 c.com', '5 d.com', '6 e.com']);
    expect(hints).toEqual([]);
  });

  it.each<[string, string, string[], string[]]>([
    [
      'in the same column of the next line',
      '"best tools\thttps://a.com/\t1\nof all"\thttps://b.com/\t2\nx\tc.com\t3\n',
      ['2 https://a.com/', '3 https://b.com/', '4 c.com'],
      ['2 quote_is_text'],
    ],
    [
      'two lines further, in another column, with CR as line end',
      '"best\thttps://a.com/\t1\r5" screen\tb.com\t2\rx\tc.com\tall"\ry\td.com\t4\r',
      ['2 https://a.com/', '3 b.com', '4 c.com', '5 d.com'],
      ['2 quote_is_text'],
    ],
    [
      'in the middle of a cell',
      '"best\thttps://a.com/\t1\na "b" c\tb.com\t2\n',
      ['2 https://a.com/', '3 b.com'],
      ['2 quote_is_text'],
    ],
    [
      'nowhere',
      '"best\thttps://a.com/\t1\nx\tb.com\t2\n\ny\tc.com\t"a',
      ['2 https://a.com/', '3 b.com', '5 c.com'],
      ['2 quote_is_text', '5 quote_is_text'],
    ],
  ])('a quote that closes %s takes no row away', async (_, body, rows, hints) => {
    expect(await read({ type: TABS, query: { column: 'URL' }, body: HEAD + body })).toEqual({ rows, hints });
  });

  it('a quote that never closes takes nothing away from a long list', async () => {
    const body = `${HEAD}"best\tfirst.com\t1\n${'x\tnext.com\t2\n'.repeat(20_000)}`;
    const { rows, report } = await readSent({ type: TABS, query: { column: 'URL' }, body });
    expect(rows).toHaveLength(20_001);
    expect(report.hints).toMatchObject([{ line: 2, code: 'quote_is_text' }]);
  });

  it('a quoted cell may hold line ends, and tabs with them, and the answer says so', async () => {
    const body = `${HEAD}"two\nlines"\ta.com\t1\n"a\ttab, and\ntwo lines"\tb.com\t2\nx\tc.com\t3\n`;
    const { rows, hints } = await read({ type: TABS, query: { column: 'URL' }, body });
    expect(rows).toEqual(['2 a.com', '4 b.com', '6 c.com']);
    expect(hints).toEqual(['2 lines_joined', '4 lines_joined']);
  });
});

describe('between commas, semicolons and bars', () => {
  it('a quoted cell may hold anything, and nothing is said', async () => {
    const body = 'Title,URL\n"a, ""b""\nc,d",a.com\nx,b.com\n';
    const { rows, hints } = await read({ type: CSV, query: { column: 'URL' }, body });
    expect(rows).toEqual(['2 a.com', '4 b.com']);
    expect(hints).toEqual([]);
  });

  it.each([',', ';', '|'])('rows that a quoted cell may hold are named: %s', async (separator) => {
    const body = 'Title,URL,Hits\n"best,a.com,1\nof all",b.com,2\nx,c.com,3\n'.replaceAll(',', separator);
    const { rows, hints } = await read({ type: CSV, query: { column: 'URL' }, body });
    expect(rows).toEqual(['2 b.com', '4 c.com']);
    expect(hints).toEqual(['2 lines_joined']);
  });

  it('a quote around a part of a cell is refused, whatever the list is sent as', async () => {
    const body = '"URL","a "b" c"\n"a.com","x"\n';
    for (const type of [CSV, TABS])
      expect((await refusalOf({ type, body })).errors[0]).toMatchObject({ line: 1, code: 'csv_quote' });
  });

  it('a quote that is not closed is refused', async () => {
    expect((await refusalOf({ type: CSV, body: 'URL,Title\na.com,"x\nb.com,y\n' })).errors[0]).toMatchObject({
      line: 2,
      code: 'csv_quote',
    });
  });

  const page = fc.integer({ min: 0, max: 99 }).map((number) => `https://example.com/${number}`);
  const note = fc.constantFrom('', 'x', 'hi, you', 'a;b|c');
  const brokenNote = fc.constantFrom('"open', '"a" b', String.raw`"say \"hi\""`, '"a, b;c|d');

  it('a wrong quote never makes pages of whole lines', async () => {
    const list = fc.record({
      rows: fc.array(fc.record({ page, note }), { maxLength: 8 }),
      wrong: fc.record({ page, note: brokenNote, at: fc.nat(8) }),
      separator: fc.constantFrom(',', ';', '|'),
      hasHeader: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(list, async ({ rows, wrong, separator, hasHeader }) => {
        const lines = rows.map((row) =>
          [row.page, /[,;|]/.test(row.note) ? `"${row.note}"` : row.note].join(separator),
        );
        lines.splice(wrong.at, 0, wrong.page + separator + wrong.note);
        const body = [...(hasHeader ? [`Page${separator}Note`] : []), ...lines].join('\n');
        const taken = await readSent({ type: CSV, body }).catch((error: ApiProblem) => error);
        if (taken instanceof ApiProblem) {
          expect(taken.errors[0]?.code).toBe('csv_quote');
          return;
        }
        const pages = [...rows, wrong].map((row) => row.page);
        expect(pages).toEqual(expect.arrayContaining(taken.rows.map(({ input }) => input)));
      }),
      { numRuns: tries(100) },
    );
  });

  it.each([
    ['one column whose URLs hold commas and quotes', 'URL\nhttps://a.com/?q=[1,"a"]\nhttps://b.com/\n', 2],
    ['columns, with such a URL', 'URL;N\nhttps://a.com/?q=[1,"a"];1\nhttps://b.com/?q=[2,"b"];2\n', 2],
  ])('%s are taken', async (_, body, rows) => {
    expect((await readSent({ type: CSV, body })).rows).toHaveLength(rows);
  });
});
