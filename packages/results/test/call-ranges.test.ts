import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCallRanges, decodeRanges, encodeRanges } from '../src/call-ranges.js';

const changes = fc.array(fc.record({ call: fc.integer({ min: 1, max: 40 }), add: fc.boolean() }), { maxLength: 60 });

describe('gaps', () => {
  it('hold what a set would hold, in the fewest ranges, and survive their text', () => {
    fc.assert(
      fc.property(changes, (all) => {
        const gaps = createCallRanges([]);
        const set = new Set<number>();
        for (const { call, add } of all) {
          if (add) set.add(call);
          else set.delete(call);
          if (add) gaps.add(call);
          else gaps.delete(call);
        }
        const calls = gaps.ranges.flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, at) => first + at),
        );
        expect(calls).toEqual([...set].sort((a, b) => a - b));
        expect(gaps.ranges.every(([first], at) => at === 0 || first > (gaps.ranges[at - 1]?.[1] ?? 0) + 1)).toBe(true);
        expect(decodeRanges(encodeRanges(gaps.ranges))).toEqual(gaps.ranges);
      }),
    );
  });

  it.each(['0', '1..2', '1.', '-1', '1-', 'A', '1 ', 'zzzzzzzzzz.zzzzzzzzzz.zzzzzzzzzz'])(
    'are not read from %j',
    (text) => {
      expect(decodeRanges(text)).toBeNull();
    },
  );
});
