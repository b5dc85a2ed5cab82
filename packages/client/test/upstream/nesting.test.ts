import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { nestsDeeperThan } from '../../src/upstream/nesting.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

it('counts levels, whatever brackets and quotes stand in texts', () => {
  const texts = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a') });
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, texts, fc.array(tie('value')), fc.dictionary(texts, tie('value'))),
  })).value;
  fc.assert(
    fc.property(json, fc.nat(6), (value, most) => {
      expect(nestsDeeperThan(most, Buffer.from(JSON.stringify(value)))).toBe(depthOf(value) > most);
    }),
    { numRuns: tries(200) },
  );
});

it('reads what is no JSON to its end', () => {
  expect(nestsDeeperThan(10, Buffer.from('"never ended [[[[[[[[[[['))).toBe(false);
  expect(nestsDeeperThan(10, Buffer.from('['.repeat(11)))).toBe(true);
});
