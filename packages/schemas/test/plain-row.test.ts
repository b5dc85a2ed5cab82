import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { nameInAnyRow } from '../src/targets/any-row.js';
import { nameInPlainRow } from '../src/targets/plain-row.js';
import { rowTexts } from './hostile.js';

function expectSame(text: string, onlyHostCounts: boolean): void {
  const plain = nameInPlainRow(text);
  if (plain !== null) expect(plain).toEqual(nameInAnyRow(text, onlyHostCounts));
}

/** Suffixes of every kind that the list has: of one label and of more, private, with wildcards and exceptions. */
const suffixes = fc.constantFrom(
  'com',
  'de',
  'co.uk',
  'uk',
  'x.se',
  'c.la',
  'github.io',
  'io',
  'ck',
  'www.ck',
  'co.ck',
  'kawasaki.jp',
  'city.kawasaki.jp',
  'a.kawasaki.jp',
  'compute.amazonaws.com',
  's3.eu-west-1.amazonaws.com',
  'amazonaws.com',
  'blogspot.com',
  'xn--p1ai',
  'xn--55qx5d.cn',
  'example',
  'c',
  'om',
  '1',
  '0x1',
  'museum',
  'k12.ma.us',
  'pvt.k12.ma.us',
);
const labels = fc.oneof(
  fc.constantFrom(
    'www',
    'a',
    '-a',
    'a-',
    'a--b',
    'xn--a',
    'xn--bcher-kva',
    '_dmarc',
    '',
    'A',
    `${'a'.repeat(63)}`,
    '1',
  ),
  fc.stringMatching(/^[a-z0-9_-]{1,6}$/),
);
const parts = fc.oneof(
  fc.constantFrom(
    '.',
    '..',
    '.a',
    '%2e',
    '%2E.',
    '%2ea',
    '%41',
    '%zz',
    '',
    'a',
    'é',
    "'",
    '"',
    '|',
    '^',
    '`',
    '{}',
    '<',
  ),
  fc.stringMatching(/^[!-~]{1,5}$/),
);
const nearlyPlain = fc
  .record({
    scheme: fc.constantFrom('', '', 'http://', 'https://', 'HTTP://', 'https:/'),
    labels: fc.array(labels, { maxLength: 4 }),
    suffix: suffixes,
    path: fc.array(parts, { maxLength: 4 }),
    query: fc.option(parts, { nil: null }),
    end: fc.constantFrom('', '', '/', ':80', '#', ' '),
  })
  .map(({ scheme, labels: names, suffix, path, query, end }) => {
    const host = [...names, suffix].join('.');
    const rest = scheme === '' ? '' : path.map((part) => `/${part}`).join('') + (query === null ? '' : `?${query}`);
    return `${scheme}${host}${rest}${end}`;
  });

describe('a plain row', () => {
  it('names what the parser finds in it, whatever the text', () => {
    fc.assert(fc.property(fc.oneof({ weight: 4, arbitrary: nearlyPlain }, rowTexts), fc.boolean(), expectSame), {
      numRuns: tries(5000),
    });
  });

  it('is every printable ASCII character where it stands, and each pair of two in a path', () => {
    const codes = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));
    for (const one of codes) {
      for (const form of ['a%b.com', '%a.com', 'a%.com', 'https://a%.com/', 'https://a.com%', 'https://a.com/x?%']) {
        expectSame(
          form.replace('%', () => one),
          false,
        );
      }
      for (const two of codes) expectSame(`https://a.com/${one}${two}`, false);
    }
  });

  it.each([
    'example.com',
    'Example.COM',
    'blog.example.co.uk',
    'www.example.com',
    'a.github.io',
    'https://www.example.com/Path/to/?x=1&y=%20',
    'http://example.de/',
    'a-b.c_d.com',
    'a--b.com',
  ])('is one like %s', (text) => {
    expect(nameInPlainRow(text)).not.toBeNull();
    expectSame(text, false);
  });

  it('is none that is too long', () => {
    const page = `https://a.com/${'a'.repeat(2034)}`;
    expect(nameInPlainRow(page)).not.toBeNull();
    expect(nameInPlainRow(`${page}a`)).toBeNull();
    const host = `${`${'a'.repeat(61)}.`.repeat(4)}ab.de`;
    expect(host).toHaveLength(253);
    expect(nameInPlainRow(host)).not.toBeNull();
    expect(nameInPlainRow(`a${host}`)).toBeNull();
  });
});
