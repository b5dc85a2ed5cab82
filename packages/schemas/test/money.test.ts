import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nanosOf, usdOf } from '../src/index.js';

/** Up to ten thousand dollars: far above any call, and many calls of it still add up exactly. */
const nanos = fc.integer({ min: 0, max: 10_000_000_000_000 });

describe('money', () => {
  it.each([
    [0, 0],
    [0.024036, 24_036_000],
    [0.02006, 20_060_000],
    [0.0203, 20_300_000],
    [0.000036, 36_000],
    [0.000000001, 1],
    [1_234_567.890123456, 1_234_567_890_123_456],
  ])('%d US dollars are %d nano-dollars, and back', (usd, expected) => {
    expect(nanosOf(usd)).toBe(expected);
    expect(usdOf(expected)).toBe(usd);
  });

  it('comes back as it was', () => {
    fc.assert(fc.property(nanos, (amount) => nanosOf(usdOf(amount)) === amount));
  });

  it('is read as it is written, with 9 decimals', () => {
    fc.assert(
      fc.property(nanos, (amount) => {
        const digits = String(amount).padStart(10, '0');
        expect(nanosOf(Number(`${digits.slice(0, -9)}.${digits.slice(-9)}`))).toBe(amount);
      }),
    );
  });

  it('adds up exactly, in whatever order and parts', () => {
    fc.assert(
      fc.property(fc.array(nanos, { maxLength: 500 }), (amounts) => {
        const exact = amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);
        const sum = amounts.map(usdOf).reduceRight((total, usd) => total + nanosOf(usd), 0);
        expect(BigInt(sum)).toBe(exact);
      }),
    );
    const million = Array.from({ length: 1_000_000 }, () => nanosOf(0.024036)).reduce((sum, cost) => sum + cost, 0);
    expect(usdOf(million)).toBe(24_036);
  });
});
