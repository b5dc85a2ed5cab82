import { matchKey, type Normalised, normaliseTarget } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createDistinctTargets } from '../../src/index.js';

const rules = { as: 'given', keepWww: true, acceptsPages: true } as const;
const target = fc
  .record({
    scheme: fc.constantFrom('', '', '', 'http://', 'https://'),
    host: fc.constantFrom(
      'example.com',
      'www.example.com',
      'www.www.a.de',
      'www.com',
      'b.github.io',
      'github.io',
      'a.co.uk',
    ),
    path: fc.constantFrom('', '', '/', '/Path', '/abc', '/abd?', '/x/?', '/?Q', '/www.a.com/'),
  })
  .map(({ scheme, host, path }) => normaliseTarget(scheme === '' ? host : scheme + host + path, rules))
  .filter((one): one is Extract<Normalised, { ok: true }> => one.ok);

/** The same by texts in maps. */
function createReference() {
  const lines = new Map<string, number>();
  const bearers = new Map<string, number[]>();
  const domains = new Map<string, number>();
  const layers = new Map<string, number>();
  return {
    lines,
    bearers,
    layers,
    take(line: number, { target: text, domain }: { target: string; domain: string }) {
      const first = lines.get(text) ?? 0;
      if (!domains.has(domain)) domains.set(domain, domains.size);
      const numbers = { first, alike: 0, domain: domains.get(domain) };
      if (first !== 0) return numbers;
      lines.set(text, line);
      const alike = bearers.get(matchKey(text)) ?? [];
      const layer = `${domain} ${alike.length}`;
      layers.set(layer, (layers.get(layer) ?? 0) + 1);
      bearers.set(matchKey(text), [...alike, line]);
      return { ...numbers, alike: alike[0] ?? 0 };
    },
  };
}

describe('targets', () => {
  it('are told apart, numbered and counted by domain and layer, as texts would be', () => {
    fc.assert(
      fc.property(fc.array(target, { maxLength: 40 }), (all) => {
        const [distinct, reference] = [createDistinctTargets(true), createReference()];
        for (const [at, one] of all.entries()) {
          expect(distinct.take(at + 1, one)).toEqual(reference.take(at + 1, one));
        }
        const { lines, bearers, layers } = reference;
        expect(distinct.targets).toBe(lines.size);
        expect(distinct.mostWithOneKey).toBe(Math.max(0, ...[...bearers.values()].map(({ length }) => length)));
        expect([...distinct.layerSizes].sort()).toEqual([...layers.values()].sort());
      }),
      { numRuns: tries(100) },
    );
  });

  it('have no number of a domain where domains are not counted', () => {
    const distinct = createDistinctTargets(false);
    expect(distinct.take(1, { target: 'a.com', domain: 'a.com' })).toEqual({ first: 0, alike: 0, domain: -1 });
    expect([...distinct.layerSizes]).toEqual([]);
  });

  it('are numbered alike by the ten thousands', () => {
    const distinct = createDistinctTargets(true);
    for (let at = 0; at < 100_000; at++) {
      const domain = `site-${at % 70_000}.com`;
      const { first, domain: number } = distinct.take(at + 1, { target: `h${at}.${domain}`, domain });
      if (first !== 0 || number !== at % 70_000) throw new Error(`target ${at} has domain ${number}`);
    }
    expect([...distinct.layerSizes].length).toBe(70_000);
  });
});
