import { matchKey, normaliseTarget, registrableDomain } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDistinctTargets } from '../src/submit/distinct-targets.js';
import { createPlainRows } from '../src/submit/plain-rows.js';

const host = fc.constantFrom(
  'example.com',
  'Example.COM',
  'WWW.Example.com',
  'www.www.A.de',
  'WWW.com',
  'B.github.io',
  'XN--bcher-kva.de',
  'BÜCHER.de',
  'A.co.uk',
  'CO.UK',
  '-A.com',
  'a_B.com',
  'A\rb.com',
  'A\x0eb.com',
  '1.2.3.4',
  `${'A'.repeat(63)}.com`,
  `${'A'.repeat(64)}.com`,
  `${'Ab.'.repeat(83)}com`,
  `${'Ab.'.repeat(90)}com`,
);
const text = fc
  .record({
    scheme: fc.constantFrom('', '', '', 'http://', 'https://', 'HTTPS://'),
    host,
    path: fc.constantFrom('', '', '/', '/Path', '/x/?', '?Q', '/www.A.com/'),
  })
  .map((one) => one.scheme + one.host + one.path);

describe('a row that is read in bytes', () => {
  const rules = fc.record({ as: fc.constant('given' as const), keepWww: fc.boolean(), acceptsPages: fc.boolean() });

  it('has the target that its text has, whatever the case of its letters', () => {
    fc.assert(
      fc.property(text, rules, (input, options) => {
        const bytes = Buffer.from(`W${input}.com`);
        const row = createPlainRows(options, createDistinctTargets(true)).read(7, {
          bytes,
          from: 1,
          to: bytes.length - 4,
          idFrom: 0,
          idTo: 1,
        });
        if (row === null) return;
        const target = row.target.toString('latin1', row.targetFrom, row.targetTo);
        expect({ ok: true, target, kind: row.kind }).toEqual(normaliseTarget(input, options));
        expect(row).toMatchObject({ line: 7, from: 1, to: bytes.length - 4, idFrom: 0, idTo: 1, duplicateOf: null });
        expect(row.bytes).toBe(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['Example.COM', 'WWW.A_b.co.uk', 'example.com', 'https://a.com/B'])('is a row like %s', (input) => {
    const bytes = Buffer.from(input);
    const rows = createPlainRows({ as: 'given', keepWww: false, acceptsPages: true }, createDistinctTargets(false));
    expect(rows.read(1, { bytes, from: 0, to: bytes.length, idFrom: -1, idTo: -1 })).not.toBeNull();
  });
});

describe('targets', () => {
  const rules = { as: 'given', keepWww: true, acceptsPages: true } as const;
  const target = text.map((one) => normaliseTarget(one, rules));

  it('are told apart, and counted by domain and layer, as texts would be', () => {
    fc.assert(
      fc.property(fc.array(target, { maxLength: 40 }), (all) => {
        const distinct = createDistinctTargets(true);
        const plainRows = createPlainRows(rules, distinct);
        const firstLine = (line: number, one: string) => {
          const bytes = Buffer.from(one);
          const row = plainRows.read(line, { bytes, from: 0, to: bytes.length, idFrom: -1, idTo: -1 });
          return row === null ? distinct.firstLine(line, one) : row.duplicateOf;
        };
        const [lines, layers] = [new Map<string, number>(), new Map<string, number>()];
        const alike = new Map<string, number>();
        for (const [at, one] of all.entries()) {
          if (!one.ok) continue;
          const first = firstLine(at + 1, one.target);
          expect(first).toBe(lines.get(one.target) ?? null);
          if (first !== null) continue;
          lines.set(one.target, at + 1);
          const key = matchKey(one.target);
          const layer = `${registrableDomain(one.target)} ${alike.get(key) ?? 0}`;
          alike.set(key, (alike.get(key) ?? 0) + 1);
          layers.set(layer, (layers.get(layer) ?? 0) + 1);
        }
        expect(distinct.targets).toBe(lines.size);
        expect(distinct.mostWithOneKey).toBe(Math.max(0, ...alike.values()));
        expect([...distinct.layerSizes].sort()).toEqual([...layers.values()].sort());
      }),
      { numRuns: 500 },
    );
  });
});
