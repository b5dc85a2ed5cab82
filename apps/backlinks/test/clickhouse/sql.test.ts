import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/clickhouse/address.js';
import { clickHouseQuery, functionsOf } from '../../src/clickhouse/sql.js';
import { backlinksEnv } from '../../src/env.js';

const NONE = new Map<string, string>();

describe('a query for ClickHouse', () => {
  test('numbers stand in the text, and texts are sent beside it', () => {
    const sql = 'SELECT $a::INTEGER, $b, $c FROM t WHERE x IN ($list_0, $list_1) AND has($d, y) AND has($e, z)';
    const values = {
      a: 5n,
      b: "it's",
      c: true,
      list_0: 1n,
      list_1: 18446744073709551615n,
      d: ['x', "y'"],
      e: [1.5, 2],
    };
    expect(clickHouseQuery(sql, values, NONE)).toEqual({
      sql: 'SELECT 5::INTEGER, {b:String}, true FROM t WHERE x IN (1, 18446744073709551615) AND has({d:Array(String)}, y) AND has([1.5, 2], z)',
      params: { b: "it's", d: ['x', "y'"] },
    });
  });

  test('times have a type of their own', () => {
    const sql = 'SELECT x = $a::TIMESTAMP, has($b::TIMESTAMP[], x), y >= $c::DATE, NULL::TIMESTAMP AS z';
    const values = { a: '2024-02-29 00:00:00', b: ['2024-02-29 00:00:00'], c: '2024-02-29' };
    expect(clickHouseQuery(sql, values, NONE)).toEqual({
      sql: `SELECT x = {a:DateTime64(6, 'UTC')}, has({b:Array(DateTime64(6, 'UTC'))}, x), y >= {c:Date32}, NULL::DateTime64(6, 'UTC') AS z`,
      params: values,
    });
  });

  test('a query without a value for a placeholder is an error', () => {
    expect(() => clickHouseQuery('SELECT $missing', {}, NONE)).toThrow('missing');
  });

  test.each([
    ['SELECT twice(1)', 'WITH ((x) -> 2 * x) AS twice SELECT twice(1)'],
    ['WITH a AS (SELECT twice(1)) FROM a', 'WITH ((x) -> 2 * x) AS twice, a AS (SELECT twice(1)) FROM a'],
    ['SELECT 1', 'SELECT 1'],
  ])('%s has the functions that it calls', (sql, expected) => {
    const functions = new Map([
      ['twice', '(x) -> 2 * x'],
      ['never', '() -> 1'],
    ]);
    expect(clickHouseQuery(sql, {}, functions).sql).toBe(expected);
  });

  test('the spam score of no links is what the graph says', () => {
    expect(clickHouseQuery('SELECT spam_of_nothing()', {}, functionsOf(null)).sql).toContain(
      '(() -> NULL) AS spam_of_nothing',
    );
    expect(clickHouseQuery('SELECT spam_of_nothing()', {}, functionsOf(0)).sql).toContain(
      '(() -> 0) AS spam_of_nothing',
    );
  });
});

describe('the address of a ClickHouse', () => {
  test.each([
    [
      'clickhouse://me:pass@host:9123/links',
      { url: 'http://host:9123', username: 'me', password: 'pass', database: 'links' },
    ],
    ['clickhouse://host/links', { url: 'http://host:8123', username: 'default', password: '', database: 'links' }],
    [
      'clickhouse://me:p%40ss%2F1@host/links?secure=true',
      { url: 'https://host:8443', username: 'me', password: 'p@ss/1', database: 'links' },
    ],
    [
      'clickhouse://me:50%@[::1]:8123/links',
      { url: 'http://[::1]:8123', username: 'me', password: '50%', database: 'links' },
    ],
  ])('%s', (text, expected) => {
    expect(addressOf(text)).toEqual(expected);
  });

  test.each([
    'http://me:pass@host:8123/links',
    'clickhouse:me:pass',
    'clickhouse://me:pass@host:8123',
    'clickhouse://me:pass@host:8123/links/more',
    'clickhouse://me:pass@host:8123/links?secure=yes',
    'clickhouse://me:pass@host:8123/links?password=other',
  ])('%s is none, and the problem does not show the password', (text) => {
    const parsed = backlinksEnv.safeParse({ BACKLINKS_ENGINE: text });
    expect(parsed.error?.issues).toMatchObject([
      { path: ['BACKLINKS_ENGINE'], message: expect.stringContaining('clickhouse://user:password@host:8123/database') },
    ]);
    expect(JSON.stringify(parsed.error?.issues)).not.toContain('pass@');
  });
});
