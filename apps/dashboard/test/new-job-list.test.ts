import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOf, guessTable, looksLikeTarget } from '../src/pages/new-job/list/guess.js';
import { fileAsLines, jsonAsLines } from '../src/pages/new-job/list/json-lines.js';
import { previewOf } from '../src/pages/new-job/list/preview.js';
import { isText, readHead } from '../src/pages/new-job/list/read-head.js';
import { FOUND_OUT, formOf, type Reading } from '../src/pages/new-job/list/reading.js';
import { recordsOf } from '../src/pages/new-job/list/records.js';

const whole = (text: string) => ({ text, isWhole: true });

describe('the head of a list', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode('\uFEFFbücher.de\n')],
    ['UTF-16, low byte first', Buffer.from('\uFEFFbücher.de\n', 'utf16le')],
    ['UTF-16, high byte first', Buffer.from('\uFEFFbücher.de\n', 'utf16le').swap16()],
    ['gzip', gzipSync('bücher.de\n')],
  ])('is decoded from %s', async (_, bytes) => {
    const head = await readHead(new Blob([new Uint8Array(bytes)]));
    expect(head).toEqual({ text: 'bücher.de\n', isWhole: true });
  });

  it('is decoded as the user says where nothing marks the encoding', async () => {
    const head = await readHead(new Blob([new Uint8Array([0x62, 0xfc, 0x2e, 0x64, 0x65])]), 'windows-1252');
    expect(head.text).toBe('bü.de');
  });

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ])('is the beginning of a long list: %s', async (_, pack) => {
    const list = 'ü.example.com\n'.repeat(20_000);
    const head = await readHead(new Blob([new Uint8Array(pack(list))]));
    expect(head.isWhole).toBe(false);
    expect(head.text.length).toBeGreaterThan(50_000);
    expect(list.startsWith(head.text)).toBe(true);
  });

  it('of a gzip that was cut is what came before the cut', async () => {
    const list = Array.from({ length: 3000 }, (_, at) => `page${at * 7919}.example.com`).join('\n');
    const head = await readHead(new Blob([new Uint8Array(gzipSync(list).subarray(0, 8000))]));
    expect(head.text.length).toBeGreaterThan(0);
    expect(list.startsWith(head.text)).toBe(true);
  });

  it('of a sheet is no text', async () => {
    expect(isText(await readHead(new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 0, 0])])))).toBe(false);
  });
});

describe('records', () => {
  it('end at CR, LF and CRLF, and hold separators, quotes and line ends in quotes', () => {
    const text = 'Domain,Note\r\na.com,"one, ""two""\nthree"\rb.com,\n\nc.com,x';
    expect(recordsOf(text, { separator: ',', most: 9 })).toEqual([
      { line: 1, fields: ['Domain', 'Note'] },
      { line: 2, fields: ['a.com', 'one, "two"\nthree'] },
      { line: 4, fields: ['b.com', ''] },
      { line: 6, fields: ['c.com', 'x'] },
    ]);
  });

  it('read back what a spreadsheet writes', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '.', ',', ';', '"', '\n', '\r', ' ') });
    const row = fc.tuple(fc.constant('x'), field, field);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), fc.constantFrom(',', ';', '\t'), (rows, separator) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((fields) => fields.map(quoted).join(separator)).join('\r\n');
        expect(recordsOf(text, { separator, most: rows.length }).map(({ fields }) => fields)).toEqual(rows);
      }),
    );
  });

  it('never take longer than their text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(recordsOf(text, { separator: ',', most: 1000 }).length).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});

describe('what a list looks like', () => {
  it.each([
    ['export.csv', 'example.com', 'csv'],
    ['export.TSV', 'a\tb', 'csv'],
    ['list.csv.gz', 'example.com', 'csv'],
    ['list.jsonl', '"example.com"', 'ndjson'],
    ['export.txt', 'Nr.\tPage\n1\texample.com\n2\tnot a domain\n3\texample.org\n', 'csv'],
    ['list.txt', 'example.com\nexample.org', 'text'],
    [null, '{"target":"example.com","id":"1"}\n"example.org"', 'ndjson'],
    [null, 'domain,rating\nexample.com,50\nexample.org,7', 'csv'],
    [null, 'https://example.org/a,b\nhttps://example.org/c', 'text'],
    ['urls.txt', 'https://a.com/a,https://b.com/b\nhttps://c.com/a,https://d.com/b', 'text'],
  ])('%s is read as %#', (name, text, format) => {
    expect(formatOf(name, text)).toBe(format);
  });

  it.each([
    'example.com',
    'https://example.org/a?b',
    'bücher.de',
    'xn--bcher-kva.de',
    'domain:example.com',
    'a_b.co.uk.',
  ])('takes %s for a target', (text) => expect(looksLikeTarget(text)).toBe(true));

  it.each(['12', '1.5', '12.03.2024', 'Example', 'two words.com x', '50%', ''])('takes %j for no target', (text) => {
    expect(looksLikeTarget(text)).toBe(false);
  });

  it('finds the separator and the first column with the most targets', () => {
    const text = 'Score;Title;Source url;Target url\r\n24;"Beets; and more";https://a.de/b;https://example.com/a\r\n';
    expect(guessTable(text)).toEqual({ separator: ';', header: 1, column: 'Source url', place: 2 });
  });

  it('numbers a column without a name of its own', () => {
    expect(guessTable('1,example.com\n2,example.org').column).toBe(2);
    expect(guessTable('URL,URL\nhttps://a.com/,x').column).toBe(1);
  });

  it('names the columns below a title, so that the service finds them', () => {
    const text = '"Internal - HTML"\n"Address","Status"\n"https://a.de/","200"\n';
    expect(guessTable(text)).toEqual({ separator: ',', header: 2, column: 'Address', place: 0 });
  });
});

describe('the form that a list is sent in', () => {
  const table = whole('rank,site\n1,example.com\n');
  const of = (reading: Reading) => ({ reading, isOfSets: false });

  it('is what it looks like, and what the user says goes before', () => {
    expect(formOf(table, 'a.csv', of(FOUND_OUT))).toEqual({ format: 'csv', column: 'site' });
    const said = { ...FOUND_OUT, separator: ';', column: 1, idColumn: 2, header: true, charset: 'utf-16' } as const;
    expect(formOf(table, 'a.csv', of(said))).toEqual({
      ...{ format: 'csv', separator: ';', column: 1, idColumn: 2, header: true, charset: 'utf-16' },
    });
  });

  it('has no names where the user says that there is no header', () => {
    expect(formOf(table, 'a.csv', of({ ...FOUND_OUT, header: false })).column).toBe(2);
  });

  it('says of lines that look like columns that they are meant', () => {
    expect(formOf(table, 'a.txt', of({ ...FOUND_OUT, format: 'text', separator: 'none' }))).toEqual({
      format: 'text',
      separator: 'none',
    });
  });
});

describe('the form that a list of sets is sent in', () => {
  const sets = { reading: FOUND_OUT, isOfSets: true };

  it.each([
    ['tabs between the members', 'a.com\tb.com\t-c.com\nb.com\ta.com\t-c.com\n'],
    ['spaces between them', 'a.com b.com\n'],
  ])('is text with %s', (_, text) => {
    expect(formOf(whole(text), null, sets)).toEqual({ format: 'text' });
  });

  it('is a table where the columns have the names of members, and no column is chosen', () => {
    const text = 'no,target_1,target_2,exclude_1\n1,a.com,b.com,c.com\n2,b.com,d.com,\n';
    expect(formOf(whole(text), null, sets)).toEqual({ format: 'csv' });
  });
});

describe('the first rows', () => {
  const input = {
    ...({ format: 'csv', encoding: 'utf-8', separator: ';', header: 1, column: 'URL', id_column: null } as const),
    ...{ lines: 2, blank: 0, comments: 0, invalid_sample: [], hints: [] },
  };

  it('are laid out as the service has read them', () => {
    const { columns, rows } = previewOf(whole('URL;Note\nexample.com;a,b\n'), 'csv', input);
    expect(columns).toEqual([
      { title: 'URL', name: 'URL' },
      { title: 'Note', name: 'Note' },
    ]);
    expect(rows).toEqual([{ line: 2, fields: ['example.com', 'a,b'] }]);
  });

  it('are all rows where the service finds no header, though they may look like one', () => {
    expect(previewOf(whole('URL;Note\na;b\n'), 'csv', { ...input, header: null }).columns).toEqual([
      { title: 'Column 1', name: 1 },
      { title: 'Column 2', name: 2 },
    ]);
  });

  it('of a text leave out comments, and say that there are more', () => {
    const lines = Array.from({ length: 20 }, (_, at) => `site${at}.com`).join('\n');
    const { columns, rows, hasMore } = previewOf(whole(`# mine\n${lines}`), 'text', undefined);
    expect([columns.length, rows[0]?.line, rows.length, hasMore]).toEqual([0, 2, 6, true]);
  });
});

describe('a JSON list', () => {
  it.each([
    ['["a.com",\n"b.com"]', '"a.com"\n"b.com"\n'],
    ['\n {"targets": [{"target": "a.com", "id": 1}]}', '{"target":"a.com","id":1}\n'],
    ['[]', ''],
    ['{"target": "a.com"}', null],
    ['{"target": "a.com"}\n{"target": "b.com"}', null],
    ['["a.com"', null],
    ['a.com', null],
    ['"a.com"', null],
  ])('%j', (text, lines) => {
    expect(jsonAsLines(text)).toBe(lines);
  });

  it.each([
    ['list.json', Buffer.from('\uFEFF["a.com"]'), '"a.com"\n'],
    ['list.JSON.gz', gzipSync('["a.com"]'), '"a.com"\n'],
    ['list.json', Buffer.from('{"target": "a.com"}\n'), '{"target": "a.com"}\n'],
    ['list.txt', Buffer.from('["a.com"]'), '["a.com"]'],
  ])('in %s', async (name, bytes, sent) => {
    const { list } = await fileAsLines(new File([new Uint8Array(bytes)], name));
    expect(await list.text()).toBe(sent);
  });

  it('that is not whole is sent as it is', async () => {
    const file = new File([new Uint8Array(gzipSync('["a.com"]').subarray(0, 15))], 'list.json.gz');
    expect((await fileAsLines(file)).list).toBe(file);
  });
});
