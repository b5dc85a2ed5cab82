import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownRows } from '../src/ui/shown-rows.js';

/** A table scrolled to a share of its way, as a browser may be. */
const views = fc
  .record({
    count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2_000_000 })),
    rowHeight: fc.integer({ min: 20, max: 60 }),
    height: fc.integer({ min: 100, max: 2000 }),
    scrolled: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ scrolled, ...size }) => {
    const content = shownRows({ ...size, top: 0 }).height;
    return { ...size, top: Math.max(0, content - size.height) * scrolled };
  });

describe('the rows of a long table', () => {
  it('draws each row that is in sight, where it belongs, and few others', () => {
    fc.assert(
      fc.property(views, (view) => {
        const shown = shownRows(view);
        const inSight = (index: number) => {
          const top = shown.topOf(index) - view.top;
          return top + view.rowHeight > 0 && top < view.height;
        };
        for (const near of [shown.first - 1, shown.last]) {
          if (near >= 0 && near < view.count) expect(inSight(near)).toBe(false);
        }
        expect(shown.topOf(shown.first)).toBeLessThanOrEqual(view.top + 1);
        expect(shown.last - shown.first).toBeLessThanOrEqual(view.height / view.rowHeight + 22);
      }),
    );
  });

  it('puts one row below the other, without gaps', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { first, topOf } = shownRows(view);
        expect(topOf(first + 1) - topOf(first)).toBeCloseTo(view.rowHeight, 5);
      }),
    );
  });

  it('ends with the last row at the end of the content, however many rows there are', () => {
    fc.assert(
      fc.property(views, (view) => {
        const { height } = shownRows(view);
        const end = shownRows({ ...view, top: Math.max(0, height - view.height) });
        expect(end.last).toBe(view.count);
        expect(end.topOf(view.count - 1) + view.rowHeight).toBeCloseTo(height, 3);
      }),
    );
  });

  it('reaches the last of a million rows within what browsers can draw', () => {
    const view = { count: 1_000_000, rowHeight: 34, height: 600 };
    const { height } = shownRows({ ...view, top: 0 });
    expect(height).toBeLessThanOrEqual(15_000_000);
    expect(shownRows({ ...view, top: height - 600 }).last).toBe(1_000_000);
    expect(shownRows({ ...view, top: 0 }).first).toBe(0);
  });

  it('shows nothing of an empty table', () => {
    const shown = shownRows({ count: 0, rowHeight: 34, top: 0, height: 600 });
    expect(shown).toMatchObject({ first: 0, last: 0, height: 0 });
  });
});
