import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, endpointName, itemFields, ROW_COLUMNS, resultColumns, SCHEMA_VERSION } from '../src/index.js';

const line = (data: object | null) => ({
  line: 1,
  input: 'A.com',
  id: null,
  target: 'a.com',
  status: 'ok',
  duplicate_of: null,
  position: 0,
  call: 7,
  fetched_at: '2026-01-01T00:00:00.000Z',
  source: 'upstream',
  data,
  error: null,
});

const recordOf = (data: object | null, endpoint: keyof typeof ENDPOINTS = 'domain_pages') => {
  const columns = resultColumns(endpoint);
  const cells = columns.cellsOf(line(data));
  return Object.fromEntries(columns.list.map(({ name }, at) => [name, cells[at]]));
};

describe('the columns', () => {
  it('are what this schema version says: a change of them needs a new one', async () => {
    const all = Object.keys(ENDPOINTS).map((name) => [name, resultColumns(endpointName.parse(name)).list] as const);
    const text = [...all, ['rows', ROW_COLUMNS.list] as const]
      .map(([name, list]) => `${name}\n${list.map((column) => `  ${column.name} ${column.type}`).join('\n')}\n`)
      .join('\n');
    await expect(text).toMatchFileSnapshot(`fixtures/columns.v${SCHEMA_VERSION}.txt`);
  });

  it('have one name each', () => {
    for (const name of Object.keys(ENDPOINTS)) {
      const names = resultColumns(endpointName.parse(name)).list.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('flatten what is nested, and keep an item apart from its line', () => {
    expect(recordOf({ page: '/x', page_summary: { rank: 5, referring_links_tld: { com: 2 } } })).toMatchObject({
      line: 1,
      target: 'a.com',
      page: '/x',
      page_summary__rank: 5,
      page_summary__referring_links_tld: '{"com":2}',
      data_extra: null,
      error__code: null,
    });
    expect(recordOf({ target: 'A.COM', backlinks: 3 }, 'bulk_backlinks')).toMatchObject({
      target: 'a.com',
      data__target: 'A.COM',
      backlinks: 3,
    });
  });

  it('lose nothing: what is unknown or of another type stands in data_extra', () => {
    const record = recordOf({ page: 7, size: 1.5, meta: { title: 'T', new: [1] }, page_summary: 'x', more: null });
    expect(record).toMatchObject({ page: null, size: null, meta__title: 'T', page_summary__rank: null });
    expect(JSON.parse(String(record.data_extra))).toEqual({
      page: 7,
      size: 1.5,
      meta: { new: [1] },
      page_summary: 'x',
      more: null,
    });
  });

  it.each([
    ['2024-01-02 03:04:05 +00:00', '2024-01-02T03:04:05.000Z'],
    ['2024-01-02 03:04:05 -05:30', '2024-01-02T08:34:05.000Z'],
    ['2024-02-29T23:59:59.5Z', '2024-02-29T23:59:59.500Z'],
    ['2024-02-30 00:00:00 +00:00', null],
    ['2024-01-02 25:00:00 +00:00', null],
    ['2024-01-02 03:04:05', null],
    ['2024-01-02', null],
    ['', null],
  ])('show the time %j as RFC 3339 where it is one', (firstSeen, cell) => {
    const { first_seen, data_extra } = recordOf({ domain: 'b.com', first_seen: firstSeen }, 'referring_domains');
    expect(first_seen).toBe(cell);
    expect(data_extra).toBe(cell === null ? JSON.stringify({ first_seen: firstSeen }) : null);
  });

  it('give back any item, its nulls apart', () => {
    const fields = itemFields('domain_pages_summary');
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.string());
    const name = fc.oneof(fc.constantFrom(...fields.map(({ path }) => path.join('.'))), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, value), (raw) => {
        // As an answer brings it: `__proto__` is a name like any other there.
        const item: Record<string, unknown> = JSON.parse(JSON.stringify(raw));
        const { data_extra: extra, ...cells } = recordOf(item, 'domain_pages_summary');
        const back = new Map<string, unknown>(Object.entries(JSON.parse(String(extra ?? '{}'))));
        for (const { path, type } of fields) {
          const cell = cells[path.join('__')];
          if (cell != null) back.set(path.join('.'), type === 'json' ? JSON.parse(String(cell)) : cell);
        }
        const known = new Set(fields.map(({ path }) => path.join('.')));
        expect(back).toEqual(new Map(Object.entries(item).filter(([key, v]) => v !== null || !known.has(key))));
      }),
    );
  });
});
