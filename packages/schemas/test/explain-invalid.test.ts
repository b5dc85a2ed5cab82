import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainInvalid, INVALID_CODES, type InvalidCode, normaliseTarget } from '../src/index.js';

const given = { as: 'given', keepWww: false, acceptsPages: true } as const;

function messageOf(input: string): string {
  const normalised = normaliseTarget(input, given);
  return normalised.ok ? `-> ${normalised.target}` : explainInvalid({ code: normalised.code, input });
}

describe('an invalid row of a form that is often met', () => {
  it.each([
    [['="example.com"', '="https://example.com/x"'], 'send the list as text/csv'],
    [['=HYPERLINK("https://example.com/","a")', '=example.com', '=“example.com”'], 'formula'],
    [['[a](https://example.com/x)', '- [a](https://example.com/x)'], 'Markdown'],
    [['- https://example.com/x', '* example.com', '1. example.com', '12) example.com', '• example.com'], 'list mark'],
    [['||example.com^', '||example.com^$third-party', '@@||example.com^'], 'ad blocker'],
    [['| example.com | 12 |'], 'table'],
    [['0.0.0.0 example.com', '127.0.0.1\texample.com', '::1 localhost', '0.0.0.0 example.com # ads'], 'hosts file'],
    [['Sitemap: https://example.com/sitemap.xml', 'Disallow: /x', 'User-agent: *'], 'robots.txt'],
    [['site:example.com', 'link:example.com', 'url: https://example.com'], 'search word'],
    [['<loc>https://example.com/x</loc>', '<url>', '</url>', '<a href="https://example.com">'], /HTML or XML|brackets/],
    [['hxxp://example.com', 'hxxps://example.com', 'example[.]com', 'example(.)com'], 'unclickable'],
    [
      [
        'http//example.com',
        'http:/example.com',
        'https:example.com',
        'https;//example.com',
        'https:///example.com',
        '//example.com/x',
      ],
      'two slashes',
    ],
    [['https://https://example.com/', 'http://http//example.com'], 'The scheme stands twice'],
    [['b\ufffdcher.de'], 'A character was lost'],
    [['C:\\lists\\domains.txt'], 'path of a file'],
    [['/blog/post?x=1'], 'without its host'],
    [['*.example.com', '.example.com'], 'before its first letter'],
    [
      ['“example.com”', '"example.com"', "'https://example.com/'", '<https://example.com>', '<example.com>'],
      'remove them',
    ],
    [['example.com,', 'example.com;'], 'A separator stands behind'],
    [['example.com, example.org', 'example.com;5', 'https://example.com/\t12'], 'more than one target'],
    [['example.com # mine', 'https://example.com // mine'], 'note'],
    [['example.com:8080', 'example.com/x'], 'needs its scheme'],
    [['', ' ', '\u200b', 'domain:'], 'The row is empty'],
    [['domain:example.com/x', 'domain: example.com:80', 'sc-domain:https://example.com/'], 'a host name stands alone'],
    [['domain:*.example.com', 'Domain: .example.com'], 'before its first letter'],
    [['domain:"example.com"', 'example.com)'], 'remove them'],
    [['Page URL (new)', 'domain:example.com example.org'], /^A target must not contain spaces/],
  ])('%j says so', (inputs, says) => {
    for (const input of inputs) expect(messageOf(input)).toMatch(says);
  });

  it('says what its code says where that is exact', () => {
    expect(messageOf('https://example.com, https://example.org')).toBe(INVALID_CODES.several_urls);
    expect(explainInvalid({ code: 'too_many_fields', input: '- a,b,c' })).toBe(INVALID_CODES.too_many_fields);
    expect(messageOf('example.com example.org')).toBe(INVALID_CODES.whitespace);
  });
});

describe('any row', () => {
  it('has a message, however long it is', () => {
    const codes = fc.constantFrom(...(Object.keys(INVALID_CODES) as InvalidCode[]));
    fc.assert(
      fc.property(codes, fc.string({ unit: 'grapheme' }), fc.nat(5000), (code, text, times) => {
        expect(explainInvalid({ code, input: text.repeat(times) })).toMatch(/\.$/);
      }),
    );
  });
});
