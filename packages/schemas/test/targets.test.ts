import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import {
  hostOf,
  INVALID_CODES,
  isPage,
  type NormaliseOptions,
  normaliseTarget,
  registrableDomain,
} from '../src/index.js';
import { trimRow } from '../src/targets/row-text.js';
import { normaliseOptions, rowTexts } from './hostile.js';

const given: NormaliseOptions = { as: 'given', keepWww: false, acceptsPages: true };
const RUNS = { numRuns: tries(1000) };

/** What a row becomes, as `kind target` or `invalid code`. */
function outcome(input: string, options: Partial<NormaliseOptions> = {}): string {
  const normalised = normaliseTarget(input, { ...given, ...options });
  return normalised.ok ? `${normalised.kind} ${normalised.target}` : `invalid ${normalised.code}`;
}

describe('any text at all', () => {
  it('has an outcome, and an invalid one a known code', () => {
    fc.assert(
      fc.property(rowTexts, normaliseOptions, (text, options) => {
        const normalised = normaliseTarget(text, options);
        if (!normalised.ok) expect(INVALID_CODES).toHaveProperty(normalised.code);
      }),
      RUNS,
    );
  });

  it('is in normal form after one step: the second changes nothing', () => {
    fc.assert(
      fc.property(rowTexts, normaliseOptions, (text, options) => {
        const once = normaliseTarget(text, options);
        if (once.ok) expect(normaliseTarget(once.target, options)).toEqual(once);
      }),
      RUNS,
    );
  });

  it('becomes printable ASCII with a lower-case host, without fragment, default port or a last dot', () => {
    fc.assert(
      fc.property(rowTexts, normaliseOptions, (text, options) => {
        const normalised = normaliseTarget(text, options);
        if (!normalised.ok) return;
        const { target, kind, domain } = normalised;
        expect(target).toMatch(/^[\x21-\x7e]{1,2048}$/);
        expect(hostOf(target)).toMatch(/^(?:[a-z0-9_.-]*[a-z0-9_]|\[[0-9a-f:.]+\])$/);
        expect(isPage(target)).toBe(kind === 'page');
        if (kind === 'page') expect(target).toMatch(/^https?:\/\/[^/?#@\\]+\/[^#]*$/);
        expect(target).not.toMatch(/^(?:http:\/\/[^/]*:80|https:\/\/[^/]*:443)\//);
        expect(registrableDomain(target)).toBe(domain);
        expect(domain === target).toBe(kind === 'domain');
      }),
      RUNS,
    );
  });

  it('keeps the scope that was written: scheme, host and kind', () => {
    fc.assert(
      fc.property(rowTexts, (text) => {
        const normalised = normaliseTarget(text, { ...given, keepWww: true });
        if (!normalised.ok) return;
        const written = /^(?:(?<scheme>https?):\/\/)?(?<host>[^/?#\\@]+?)\.?(?::\d*)?(?:[/?#].*)?$/isu.exec(
          trimRow(text),
        );
        const host = new URL(`http://${written?.groups?.host}/`).hostname;
        expect(hostOf(normalised.target)).toBe(host);
        expect(normalised.kind === 'page').toBe(written?.groups?.scheme !== undefined);
      }),
      RUNS,
    );
  });

  it('is judged alike in a short list and in a long one, where the code has been optimised', () => {
    // Strings as a file's reader makes them: one byte a letter.
    const rows = Array.from({ length: 50_000 }, (_, index) =>
      Buffer.from(`https://b\u00fccher${index % 9}.de/\u00e9`, 'latin1'),
    );
    const outcomes = new Set(rows.map((row) => outcome(row.toString('latin1')).replace(/cher\d-/, '')));
    expect([...outcomes].filter((one) => !one.startsWith('page https://xn--b'))).toEqual([]);
  });

  it('may be very long', () => {
    expect(outcome('a'.repeat(2049))).toBe('invalid too_long');
    expect(outcome(`https://example.com/${'a'.repeat(2028)}`)).toBe(`page https://example.com/${'a'.repeat(2028)}`);
    expect(outcome(`https://example.com/${'a'.repeat(2029)}`)).toBe('invalid too_long');
    expect(outcome(`https://example.com/${'é'.repeat(400)}`)).toBe('invalid too_long');
    expect(outcome('\u{1f4a9}'.repeat(1_000_000))).toBe('invalid too_long');
  });
});

describe('a row without a scheme', () => {
  it.each([
    ['Example.COM', 'domain example.com'],
    ['  example.com \n', 'domain example.com'],
    ['\ufeffexample.com', 'domain example.com'],
    ['example.com.', 'domain example.com'],
    ['www.Example.com.', 'domain example.com'],
    ['www.www.example.com', 'domain example.com'],
    ['blog.example.com', 'subdomain blog.example.com'],
    ['www.blog.example.com', 'subdomain blog.example.com'],
    ['wwwx.example.com', 'subdomain wwwx.example.com'],
    ['www.com', 'domain www.com'],
    ['www.co.uk', 'domain www.co.uk'],
    ['_dmarc.example.com', 'subdomain _dmarc.example.com'],
    ['a.github.io', 'domain a.github.io'],
    ['www.a.github.io', 'domain a.github.io'],
    ['x.a.github.io', 'subdomain x.a.github.io'],
    ['github.io', 'domain github.io'],
    ['www.github.io', 'domain www.github.io'],
    ['BÜCHER.de', 'domain xn--bcher-kva.de'],
    ['xn--BCHER-kva.de', 'domain xn--bcher-kva.de'],
    ['faß.de', 'domain xn--fa-hia.de'],
    ['💩.la', 'domain xn--ls8h.la'],
    ['example。com', 'domain example.com'],
    ['domain:example.com', 'domain example.com'],
    ['sc-domain:example.com', 'domain example.com'],
    ['DOMAIN: Blog.Example.com', 'subdomain blog.example.com'],
    // Joiners and tags are parts of words and of emoji; IDNA decides about them.
    ['\u0dc1\u0dca\u200d\u0dbb\u0dd3.com', 'domain xn--10cl1a0b660p.com'],
  ])('%j is %s', (input, expected) => {
    expect(outcome(input)).toBe(expected);
  });

  it('keeps its www. where that is asked for', () => {
    expect(outcome('www.example.com', { keepWww: true })).toBe('subdomain www.example.com');
    expect(outcome('WWW.example.com.', { keepWww: true })).toBe('subdomain www.example.com');
  });
});

describe('a row with a scheme', () => {
  it.each([
    ['https://Example.com', 'https://example.com/'],
    ['HTTPS://WWW.EXAMPLE.COM/Path/?Q=1', 'https://www.example.com/Path/?Q=1'],
    ['http://example.com:80/a', 'http://example.com/a'],
    ['https://example.com:0443', 'https://example.com/'],
    ['https://example.com:/', 'https://example.com/'],
    ['https://example.com:8443', 'https://example.com:8443/'],
    ['http://example.com:443/', 'http://example.com:443/'],
    ['https://example.com/a#part', 'https://example.com/a'],
    ['https://example.com/#\\', 'https://example.com/'],
    ['https://example.com./a', 'https://example.com/a'],
    ['https://example.com/a/../b/./c', 'https://example.com/b/c'],
    ['https://example.com/a/%2e%2E/b', 'https://example.com/b'],
    ['https://example.com//a//', 'https://example.com//a//'],
    ['https://example.com/É?q=ü', 'https://example.com/%C3%89?q=%C3%BC'],
    ['https://example.com/%zz', 'https://example.com/%zz'],
    ['https://example.com/@me:x', 'https://example.com/@me:x'],
    ['https://example.com?a=http:\\\\b', 'https://example.com/?a=http:\\\\b'],
    ['https://bücher.de/', 'https://xn--bcher-kva.de/'],
    ['https://1.2.3.4', 'https://1.2.3.4/'],
    ['https://1.2.3.4:8443/a', 'https://1.2.3.4:8443/a'],
    ['https://[::1]/', 'https://[::1]/'],
    ['https://[2001:DB8::1]:8443/', 'https://[2001:db8::1]:8443/'],
  ])('%j is the page %s', (input, expected) => {
    expect(outcome(input)).toBe(`page ${expected}`);
  });

  it('is not taken by domain_pages, unless its host is what is asked about', () => {
    expect(outcome('https://example.com/', { acceptsPages: false })).toBe('invalid page_not_accepted');
    expect(outcome('https://www.example.com/a', { acceptsPages: false, as: 'host' })).toBe('domain example.com');
    expect(outcome('example.com', { acceptsPages: false })).toBe('domain example.com');
  });
});

describe('target_as', () => {
  it.each([
    ['https://www.blog.example.co.uk/a', 'subdomain blog.example.co.uk', 'domain example.co.uk'],
    ['https://example.com:8443/a', 'domain example.com', 'domain example.com'],
    ['www.example.com', 'domain example.com', 'domain example.com'],
    ['https://x.a.github.io/', 'subdomain x.a.github.io', 'domain a.github.io'],
    ['github.io', 'domain github.io', 'domain github.io'],
    ['https://1.2.3.4/', 'invalid ip_address', 'invalid ip_address'],
    ['https://[::1]/', 'invalid ip_address', 'invalid ip_address'],
    ['https://localhost/', 'invalid single_label', 'invalid single_label'],
    ['blog.example.com/a?b#c', 'subdomain blog.example.com', 'domain example.com'],
    ['www.example.com:8443/a', 'domain example.com', 'domain example.com'],
    ['BÜCHER.de?q', 'domain xn--bcher-kva.de', 'domain xn--bcher-kva.de'],
    ['example.com\\a', 'invalid malformed', 'invalid malformed'],
    ['1.2.3.4/a', 'invalid ip_address', 'invalid ip_address'],
    ['user@example.com/a', 'invalid credentials_in_url', 'invalid credentials_in_url'],
    ['domain:https://example.com/', 'invalid malformed', 'invalid malformed'],
  ])('%s as host is %s, as domain %s', (input, host, domain) => {
    expect(outcome(input, { as: 'host' })).toBe(host);
    expect(outcome(input, { as: 'domain' })).toBe(domain);
  });

  it('host keeps www. where that is asked for', () => {
    expect(outcome('https://www.example.com/a', { as: 'host', keepWww: true })).toBe('subdomain www.example.com');
    expect(outcome('www.example.com', { as: 'domain', keepWww: true })).toBe('domain example.com');
  });
});

it('registrableDomain counts private suffixes as suffixes, and an address for itself', () => {
  expect(registrableDomain('https://x.a.github.io/p')).toBe('a.github.io');
  expect(registrableDomain('blog.example.co.uk')).toBe('example.co.uk');
  expect(registrableDomain('github.io')).toBe('github.io');
  expect(registrableDomain('https://1.2.3.4:8443/')).toBe('1.2.3.4');
  expect(registrableDomain('https://[::1]/')).toBe('[::1]');
});
