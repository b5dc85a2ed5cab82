import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlainReader, type NormaliseOptions, normaliseTarget, registrableDomain } from '../src/index.js';
import { normaliseOptions, rowTexts } from './hostile.js';

const given: NormaliseOptions = { as: 'given', keepWww: false, acceptsPages: true };

/** What the reader makes of a text that stands within others, in the form of `normaliseTarget`, and its domain; null where it leaves it. */
function readPlain(text: string, options: NormaliseOptions, after = '.com/') {
  const before = 'https://www.';
  const bytes = Buffer.from(`${before}${text}${after}`);
  const to = bytes.length - after.length;
  const reader = createPlainReader(options);
  if (!reader.read(bytes, before.length, to)) return null;
  const { kind, targetFrom, domainFrom, domainTo } = reader.found;
  const target = bytes.toString('latin1', targetFrom, to);
  return { normalised: { ok: true, target, kind }, domain: bytes.toString('latin1', domainFrom, domainTo) };
}

/** What may stand behind a text, of the row before it: nothing of it counts. */
const AFTER = ['.com/', '/x', '/', '.uk', '?q', '--a', '%2e', 's://a.com/', ''];

function expectSame(text: string, options: NormaliseOptions): void {
  for (const after of AFTER) {
    const plain = readPlain(text, options, after);
    if (plain === null) continue;
    expect(plain.normalised).toEqual(normaliseTarget(text, options));
    expect(plain.domain).toBe(registrableDomain(plain.normalised.target));
  }
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

describe('what is read in bytes', () => {
  it('becomes what the parser makes of it, whatever the text', () => {
    fc.assert(fc.property(fc.oneof({ weight: 4, arbitrary: nearlyPlain }, rowTexts), normaliseOptions, expectSame), {
      numRuns: 30_000,
    });
  });

  it('is every printable ASCII character where it stands, and each pair of two in a path', () => {
    const codes = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code));
    for (const one of codes) {
      for (const form of ['a%b.com', '%a.com', 'a%.com', 'https://a%.com/', 'https://a.com%', 'https://a.com/x?%']) {
        expectSame(
          form.replace('%', () => one),
          given,
        );
      }
      for (const two of codes) expectSame(`https://a.com/${one}${two}`, given);
    }
  });

  it.each([
    'example.com',
    'blog.example.co.uk',
    'www.example.com',
    'a.github.io',
    'https://www.example.com/Path/to?x=1&y=%20',
    'http://example.de/',
    'a-b.c_d.com',
    'a--b.com',
  ])('is a row like %s', (text) => {
    expect(readPlain(text, given)).not.toBeNull();
    expectSame(text, given);
  });

  it('is nothing that is too long', () => {
    const page = `https://a.com/${'a'.repeat(2034)}`;
    expect(readPlain(page, given)).not.toBeNull();
    expect(readPlain(`${page}a`, given)).toBeNull();
    const host = `${`${'a'.repeat(61)}.`.repeat(4)}ab.de`;
    expect(host).toHaveLength(253);
    expect(readPlain(host, given)).not.toBeNull();
    expect(readPlain(`a${host}`, given)).toBeNull();
  });

  it('is nothing where rows are widened, and no page where pages are not taken', () => {
    expect(readPlain('example.com', { ...given, as: 'host' })).toBeNull();
    expect(readPlain('https://example.com/', { ...given, acceptsPages: false })).toBeNull();
  });
});
