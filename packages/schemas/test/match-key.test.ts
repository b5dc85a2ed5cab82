import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { isPage, matchKey, normaliseTarget } from '../src/index.js';
import { trimRow } from '../src/targets/row-text.js';
import { rowTexts } from './hostile.js';

const given = { as: 'given', keepWww: true, acceptsPages: true } as const;
const RUNS = { numRuns: tries(1000) };

describe('matchKey', () => {
  it('takes any text', () => {
    fc.assert(
      fc.property(fc.oneof(rowTexts, fc.string({ unit: 'binary' })), (text) => {
        expect(typeof matchKey(text)).toBe('string');
      }),
      RUNS,
    );
  });

  it('is the same for a row and its normal form, however the upstream writes it', () => {
    fc.assert(
      fc.property(rowTexts, (text) => {
        const normalised = normaliseTarget(text, given);
        if (normalised.ok) expect(matchKey(trimRow(text))).toBe(matchKey(normalised.target));
      }),
      RUNS,
    );
  });

  it('is the same for a host and its root page, with www. and without', () => {
    fc.assert(
      fc.property(rowTexts, (text) => {
        const host = normaliseTarget(text, { ...given, as: 'host' });
        if (!host.ok) return;
        const key = matchKey(host.target);
        for (const scheme of ['http', 'https']) {
          for (const end of ['', '/']) expect(matchKey(`${scheme}://${host.target}${end}`)).toBe(key);
        }
        expect(matchKey(`www.${host.target}`)).toBe(key);
      }),
      RUNS,
    );
  });

  it('tells normal forms apart that differ in host, port, path or query', () => {
    fc.assert(
      fc.property(rowTexts, rowTexts, (left, right) => {
        const [a, b] = [normaliseTarget(left, given), normaliseTarget(right, given)];
        if (!a.ok || !b.ok || matchKey(a.target) !== matchKey(b.target)) return;
        expect(withoutSpelling(a.target)).toBe(withoutSpelling(b.target));
      }),
      RUNS,
    );
  });

  it.each([
    ['https://example.com/a/', 'https://example.com/a'],
    ['http://example.com/a', 'https://www.example.com/a'],
    ['https://example.com/?q=1', 'https://example.com?q=1'],
    ['https://example.com/a/?q=1', 'https://example.com/a?q=1'],
    ['https://example.com/a', 'HTTPS://Example.com:443/a#part'],
    ['https://example.com/%C3%A9', 'https://example.com/é'],
    ['xn--bcher-kva.de', 'https://bücher.de/'],
    ['example.com', 'Example.com.'],
  ])('%s is %s', (left, right) => {
    expect(matchKey(left)).toBe(matchKey(right));
  });

  it.each([
    ['https://example.com/a', 'https://example.com/A'],
    ['https://example.com/a', 'https://example.com/a?q'],
    ['https://example.com/?q=a', 'https://example.com/?q=a/'],
    ['https://example.com/', 'https://example.com:8443/'],
    ['https://example.com/a', 'example.com'],
    ['blog.example.com', 'example.com'],
  ])('%s is not %s', (left, right) => {
    expect(matchKey(left)).not.toBe(matchKey(right));
  });
});

/** What a key leaves out, left out by other means. */
function withoutSpelling(target: string): string {
  const url = new URL(isPage(target) ? target : `https://${target}/`);
  const port = url.port === '' ? '' : `:${url.port}`;
  const query = url.search.length > 1 ? url.search : '';
  return `${url.hostname.replace(/^(www\.)+/, '')}${port}${url.pathname.replace(/\/$/, '')}${query}`;
}
