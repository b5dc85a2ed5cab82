import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonDocument } from '../src/json-document.js';
import { outForm } from '../src/out-form.js';

const formats = ['ndjson', 'json', 'csv', 'parquet'] as const;
const formOf = (out?: string, format?: (typeof formats)[number]) => outForm({ out, format, formats, usual: 'ndjson' });

describe('the form of a file', () => {
  it.each([
    ['r.ndjson', 'ndjson', false],
    ['r.json', 'json', false],
    ['dir.x/R.CSV', 'csv', false],
    ['r.parquet', 'parquet', false],
    ['r.2026.csv.gz', 'csv', true],
    ['r.JSON.GZ', 'json', true],
  ])('%s is %s, gzipped %s', (out, format, gzip) => expect(formOf(out)).toEqual({ format, gzip }));

  it('is what was asked for by name, whatever the file is called', () => {
    expect(formOf('r.xlsx', 'csv')).toEqual({ format: 'csv', gzip: false });
    expect(formOf('r.gz', 'ndjson')).toEqual({ format: 'ndjson', gzip: true });
    expect(formOf('r', 'parquet')).toEqual({ format: 'parquet', gzip: false });
    for (const out of [undefined, '-', '/dev/null', '/dev/stdout']) {
      expect(formOf(out)).toEqual({ format: 'ndjson', gzip: false });
    }
  });

  it.each(['r.xlsx', 'r', 'r.gz', 'r.csv.zip', 'csv', '.csv', 'r.cs\u001bv'])('%j needs to be told it', (out) => {
    expect(() => formOf(out)).toThrow('name one with --format: ndjson, json, csv, parquet.');
    expect(() => formOf(out)).not.toThrow('\u001b');
  });

  it('is CSV for a spreadsheet, which a workbook’s name is told', () => {
    expect(() => formOf('r.xlsx')).toThrow('opens CSV that was written with --spreadsheet.');
    expect(() => formOf('r.txt')).not.toThrow('spreadsheet');
  });
});

it('lines become one JSON document, wherever their bytes are cut', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), cuts, fc.boolean(), async (values, sizes, done) => {
      const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      const parts: Buffer[] = [];
      for await (const part of jsonDocument(pieces(bytes, sizes), done)) parts.push(Buffer.from(part));
      const text = Buffer.concat(parts).toString('utf8');
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ results: values, next_cursor: null, done })));
      expect(text.split('\n')).toHaveLength(Math.max(1, values.length) + 3);
    }),
  );
});

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
