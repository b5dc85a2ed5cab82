import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { matchKey, normaliseTarget, placeKey } from '../src/index.js';

const text = fc
  .record({
    scheme: fc.constantFrom('', 'http://', 'https://'),
    www: fc.constantFrom('', 'www.', 'www.www.'),
    host: fc.constantFrom('a.com', 'b.a.com', 'www.com', 'bücher.de', 'wwww.com', 'http.com', 'x.github.io'),
    ip: fc.constantFrom('', '', '', '192.0.2.1', '[2001:db8::1]'),
    port: fc.constantFrom('', '', ':8080', ':443'),
    path: fc.constantFrom('', '/', '//', '/x', '/x/', '/x//', '/X', '/www.a.com/', '/ü'),
    query: fc.constantFrom('', '', '?', '?q', '?q/', '?/', '??', '?q=/?'),
  })
  .map(({ scheme, www, host, ip, port, path, query }) =>
    scheme === '' ? www + host : `${scheme}${ip === '' ? www + host : ip}${port}${path}${query}`,
  );

const target = text.map((given) => {
  const normalised = normaliseTarget(given, { as: 'given', keepWww: true, acceptsPages: true });
  if (!normalised.ok) throw new Error(`${given} is ${normalised.code}`);
  return normalised.target;
});

function read(one: string): { key: string; variant: number } {
  const place = { from: -1, to: -1, without: -1, variant: -1 };
  placeKey(one, place);
  const rest = one.slice(Math.min(place.without + 1, place.to), place.to);
  return { key: one.slice(place.from, place.without) + rest, variant: place.variant };
}

test('the match key of a target is found in its text', () => {
  fc.assert(
    fc.property(target, (one) => {
      const { key, variant } = read(one);
      expect(key).toBe(matchKey(one));
      expect(variant).toBeLessThanOrEqual(2 ** 14);
    }),
    { numRuns: tries(500) },
  );
});

test('a match key and its variant are those of one target alone', () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(target, (one) => {
      const { key, variant } = read(one);
      const same = seen.get(`${variant} ${key}`) ?? one;
      seen.set(`${variant} ${key}`, one);
      expect(same).toBe(one);
    }),
    { numRuns: tries(500) },
  );
});
