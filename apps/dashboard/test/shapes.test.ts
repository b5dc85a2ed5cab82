import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptCells } from '../src/pages/job/results/kept-cells.js';
import { webAddress } from '../src/pages/job/results/safe-link.js';
import { shapeOf } from '../src/pages/job/results/shapes.js';

describe('what a table shows of a value', () => {
  it('is nothing for nothing', () => {
    for (const value of [null, undefined, {}, []]) expect(shapeOf(value)).toBeNull();
  });

  it('is the largest entries of a map of counts, an empty name too', () => {
    const countries = { US: 615, '': 745, GB: 130, DE: 115, unknown: null };
    const largest = [
      ['', 745],
      ['US', 615],
      ['GB', 130],
    ];
    expect(shapeOf(countries)).toEqual({ kind: 'entries', largest, others: 1, sum: 1605 });
  });

  it('is a line for numbers in a row, and for numbers by date', () => {
    expect(shapeOf([1, 2, 3])).toEqual({ kind: 'series', points: [1, 2, 3] });
    expect(shapeOf({ '2026-02': 5, '2026-01': 4 })).toEqual({ kind: 'series', points: [4, 5] });
  });

  it('is a short text for all else', () => {
    expect(shapeOf(['a', 'b'])).toEqual({ kind: 'text', text: 'a · b' });
    expect(shapeOf({ cms: ['WordPress'] })).toEqual({ kind: 'text', text: 'cms: ["WordPress"]' });
  });

  it('stays small, and comes back as it was kept, whatever the upstream sends', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const cells = keptCells('shape');
        cells.add(value);
        const shape = shapeOf(value);
        expect(cells.at(0)).toEqual(shape === null ? null : JSON.parse(JSON.stringify(shape)));
        if (shape?.kind === 'text') expect(shape.text.length).toBeLessThanOrEqual(201);
        if (shape?.kind === 'entries') expect(shape.largest.length).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('reads the times of the upstream and of the service', () => {
    const cells = keptCells('time');
    for (const time of ['2021-09-21 09:18:09 +00:00', '2026-11-30T12:35:41.421Z', 'yesterday', null]) cells.add(time);
    const shown = [0, 1, 2, 3].map((index) => cells.at(index));
    expect(shown).toEqual([Date.UTC(2021, 8, 21, 9, 18, 9), Date.UTC(2026, 10, 30, 12, 35, 41, 421), null, null]);
  });

  it('takes numbers alone for numbers', () => {
    const cells = keptCells('number');
    for (const value of [0, 12.5, '12', null, true]) cells.add(value);
    expect([0, 1, 2, 3, 4].map((index) => cells.at(index))).toEqual([0, 12.5, null, null, null]);
  });

  it('makes a link of web addresses alone', () => {
    expect(webAddress('https://example.com/a b')).toBe('https://example.com/a%20b');
    const others = [
      'javascript:alert(1)',
      'data:text/html,x',
      'example.com',
      'https://',
      ' https://example.com',
      '//a.com',
    ];
    for (const text of others) expect(webAddress(text)).toBeNull();
  });
});
