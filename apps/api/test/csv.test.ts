import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHeader, csvRecord } from '../src/results/csv.js';

const shown = (cell: string | number, spreadsheet = true) => csvRecord([cell], { spreadsheet }).slice(0, -2);

describe('CSV for a spreadsheet', () => {
  const marks = ['=', '+', '-', '@', '\uff1d', '\uff0b', '\uff0d', '\uff20'];
  const unseen = fc.string({
    unit: fc.constantFrom(' ', '\t', '\r', '\n', '\u00a0', '\u3000', '\u200b', '\ufeff', '\0'),
  });

  it('takes no text for a formula, whatever stands before it that is not seen', () => {
    fc.assert(
      fc.property(unseen, fc.constantFrom(...marks), fc.string(), (before, mark, after) => {
        expect(shown(`${before}${mark}${after}`)).toMatch(/^"?'/);
      }),
    );
  });

  it.each(['example.com', 'a=1', 'https://a.com/?x=-1', '2026-01-01T00:00:00.000Z', '[1]'])(
    'leaves %s alone',
    (text) => {
      expect(shown(text)).toBe(text);
    },
  );

  it.each(marks)('is the only one that guards %s', (mark) => {
    expect(shown(`${mark}1`, false)).toBe(`${mark}1`);
  });

  it('begins with a byte order mark', () => {
    expect(csvHeader(['a', 'b'], { spreadsheet: true })).toBe('\ufeffa,b\r\n');
    expect(csvHeader(['a', 'b'], { spreadsheet: false })).toBe('a,b\r\n');
  });
});

describe('a number in CSV', () => {
  it('is written without an exponent where it is small, and is the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1, max: 1 }), (number) => {
        expect(shown(number)).not.toContain('e');
        expect(Number(shown(number))).toBe(number === 0 ? 0 : number);
      }),
    );
    expect([1e-9, -4.3e-9, -3, 0.024].map((number) => shown(number))).toEqual([
      '0.000000001',
      '-0.0000000043',
      '-3',
      '0.024',
    ]);
  });
});
