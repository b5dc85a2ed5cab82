import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecordEntry } from '../src/index.js';

const REQUEST = { targets: ['a.com', 'b.com'], tag: 'job_1.2.1' };
const ENTRY = {
  id: '11221000-1535-0348-0000-abc',
  url: 'https://api.dataforseo.com/v3/backlinks/bulk_backlinks/live',
  datetime_posted: '2026-11-22 10:00:00 +00:00',
  datetime_done: '2026-11-22 10:00:01 +00:00',
  status: '20000',
  cost: 0.024072,
  metadata: REQUEST,
};
const POSTED = Date.UTC(2026, 10, 22, 10);
const READ = {
  id: ENTRY.id,
  tag: REQUEST.tag,
  asked: null,
  endpoint: 'bulk_backlinks',
  postedAt: POSTED,
  doneAt: POSTED + 1000,
  cost: 24_072_000,
};

/** Any JSON in a field changes what is read of that field, and nothing else. */
const READINGS: Readonly<Record<string, keyof typeof READ | null>> = {
  id: 'id',
  url: 'endpoint',
  datetime_posted: 'postedAt',
  datetime_done: 'doneAt',
  cost: 'cost',
  status: null,
  more: null,
};

describe('an entry of the record', () => {
  it('is read field by field: what is wrong with one takes nothing from the others', () => {
    expect(readRecordEntry(ENTRY)).toEqual(READ);
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(READINGS)), fc.jsonValue(), (field, value) => {
        const reading = READINGS[field];
        const read = readRecordEntry({ ...ENTRY, [field]: value });
        expect({ ...read, ...(reading && { [reading]: READ[reading] }) }).toEqual(READ);
      }),
    );
  });

  it('of any form at all says something or nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (metadata) => {
        expect(readRecordEntry({ ...ENTRY, metadata })).toMatchObject({ id: READ.id, cost: READ.cost });
        readRecordEntry(metadata);
      }),
    );
  });

  it.each<[string, unknown, number | null]>([
    ['text', '0.024072', READ.cost],
    ['nothing', null, null],
    ['missing', undefined, null],
    ['empty text', '', null],
    ['a list', [0.024072], null],
    ['true', true, null],
    ['less than nothing', -1, null],
    ['nought', 0, 0],
  ])('costs what it says where it says so: %s', (_, cost, read) => {
    expect(readRecordEntry({ ...ENTRY, cost }).cost).toBe(read);
  });

  it.each<[string, unknown]>([
    ['a list', [REQUEST]],
    ['a list behind null', [null, REQUEST]],
    ['a map by number', { 0: REQUEST }],
    ['its JSON', JSON.stringify(REQUEST)],
    ['the JSON of a list', JSON.stringify([REQUEST])],
  ])('has its tag where the request is %s', (_, metadata) => {
    expect(readRecordEntry({ ...ENTRY, metadata })).toEqual(READ);
  });

  it.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['text', 'job_1.2.1'],
    ['a list of numbers', [1]],
    ['empty', {}],
    ['of other names', { Tag: REQUEST.tag }],
  ])('has none where its metadata is %s', (_, metadata) => {
    expect(readRecordEntry({ ...ENTRY, metadata })).toEqual({ ...READ, tag: null });
  });

  it('says what it asked about where it was sent without a tag', () => {
    const asked = { first: 'a.com', count: 2 };
    expect(readRecordEntry({ ...ENTRY, metadata: { ...REQUEST, tag: null } })).toEqual({ ...READ, tag: null, asked });
    expect(readRecordEntry({ metadata: { target: 'a.com' } }).asked).toEqual({ first: 'a.com', count: 1 });
  });

  it.each<[unknown, number | null]>([
    ['2026-11-22 10:00:00 +00:00', POSTED],
    ['2026-11-22 12:00:00 +02:00', POSTED],
    ['2026-11-22 12:00:00 +0200', POSTED],
    ['2026-11-22T10:00:00Z', POSTED],
    ['2026-11-22T10:00:00.250Z', POSTED + 250],
    ['2026-11-22 10:00:00', POSTED],
    [POSTED / 1000, POSTED],
    [POSTED, POSTED],
    [String(POSTED / 1000), POSTED],
    [POSTED / 1000 + 0.25, POSTED + 250],
    ['', null],
    ['soon', null],
    ['2026-11-22', null],
    ['2026-13-45 10:00:00 +00:00', null],
    [0, null],
    [true, null],
    [[POSTED], null],
  ])('takes %j for a time, or not', (value, at) => {
    expect(readRecordEntry({ ...ENTRY, datetime_done: value }).doneAt).toBe(at);
  });
});
