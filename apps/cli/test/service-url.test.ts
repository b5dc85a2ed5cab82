import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { readCliEnv } from '../src/env.js';
import { CliFailure } from '../src/failure.js';

const read = (LINKHAUL_URL: string) => readCliEnv({ LINKHAUL_URL }).LINKHAUL_URL;

describe('the address of the service', () => {
  it.each([
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['localhost:8080/', 'http://localhost:8080'],
    ['localhost', 'http://localhost'],
    ['[::1]:8080/links', 'http://[::1]:8080/links'],
    [' http://127.0.0.1:8080\n', 'http://127.0.0.1:8080'],
    ['HTTPS://Links.Example.com//', 'https://links.example.com'],
    ['https://example.com/links/', 'https://example.com/links'],
    ['', 'http://127.0.0.1:8080'],
  ])('%j is %s', (given, url) => expect(read(given)).toBe(url));

  it.each([
    ['links.example.com:8080', 'needs its scheme: https://links.example.com'],
    ['ftp://example.com', 'must be an address of http or https'],
    ['8080', 'needs its scheme'],
    [':8080', 'must be an address of http or https'],
    ['http://', 'must be a URL'],
    ['http://127.0.0.1:99999', 'must be a URL'],
    ['127.0.0.1:port', 'must be an address'],
    ['http://127.0.0.1:8080/v1', 'must be the address without /v1'],
    ['http://127.0.0.1:8080/v1/jobs/', 'must be the address without /v1/jobs'],
    ['http://127.0.0.1:8080/docs', 'must be the address without /docs'],
    ['http://127.0.0.1:8080?key=1', 'must not hold a query'],
    ['http://me:secret@example.com', 'must not hold a user name'],
    ['me:secret@example.com', 'must be an address of http or https'],
    ['"http://127.0.0.1:8080"', 'must be an address of http or https'],
  ])('%j is refused in one sentence', (given, message) => {
    expect(() => read(given)).toThrow(message);
    expect(() => read(given)).not.toThrow('secret');
  });

  it('is an address that can be asked, or one line of bad input, whatever is given', () => {
    const piece = fc.constantFrom(
      'http',
      'https',
      '://',
      ':',
      '/',
      '127.0.0.1',
      'localhost',
      '[::1]',
      '@',
      '?',
      '8080',
      '\\',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        try {
          const url = read(given);
          expect(new URL(`${url}/v1/jobs`).pathname).toMatch(/\/v1\/jobs$/);
        } catch (error) {
          expect(error).toBeInstanceOf(CliFailure);
          expect(String(error)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        }
      }),
      { numRuns: tries(200) },
    );
  });
});
