import type { Result } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowTries } from '../../../e2e/env.js';
import { createLoadedRows } from '../src/pages/job/results/loaded-rows.js';
import type { ResultColumn } from '../src/pages/job/results/result-columns.js';
import { orderSteps } from '../src/pages/job/results/row-order.js';
import { sortSteps } from '../src/pages/job/results/sort-steps.js';

const rank: ResultColumn = {
  name: 'data.rank',
  title: 'Rank',
  kind: 'number',
  valueOf: ({ data }) => data?.rank,
};

const lines = fc.array(fc.record({ target: fc.domain(), rank: fc.option(fc.integer()) }), { maxLength: 60 });

function rowsOf(items: readonly { target: string; rank: number | null }[]) {
  const rows = createLoadedRows([rank]);
  const results = items.map(
    (item, at): Result => ({
      ...{ line: at + 1, input: item.target, id: null, target: item.target, status: 'ok', duplicate_of: null },
      ...{ position: 0, call: 1, fetched_at: null, source: 'upstream', data: { rank: item.rank }, error: null },
    }),
  );
  rows.add(results, null);
  return rows;
}

function done<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function orderOf(...given: Parameters<typeof orderSteps>): Uint32Array | null {
  return done(orderSteps(...given));
}

describe('the order of loaded rows', () => {
  it('is that of the service where nothing is asked for', () => {
    expect(orderOf(rowsOf([{ target: 'a.com', rank: 1 }]), { text: '', sort: null })).toBeNull();
  });

  it('has each row once, sorted, those without a value last, alike ones as they came', () => {
    fc.assert(
      fc.property(lines, fc.boolean(), (items, isDescending) => {
        const order = [...(orderOf(rowsOf(items), { text: '', sort: { by: 'data.rank', isDescending } }) ?? [])];
        const sign = isDescending ? -1 : 1;
        const wanted = items
          .map(({ rank: value }, index) => ({ value, index }))
          .sort((a, b) => {
            if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
            return sign * (a.value - b.value);
          });
        expect(order).toEqual(wanted.map(({ index }) => index));
      }),
    );
  });

  it('keeps the rows whose target has the text, in any case', () => {
    fc.assert(
      fc.property(lines, fc.domain(), (items, domain) => {
        const text = domain.slice(0, 2).toUpperCase();
        const order = [...(orderOf(rowsOf(items), { text, sort: null }) ?? [])];
        const wanted = items.flatMap(({ target }, index) => (target.toUpperCase().includes(text) ? [index] : []));
        expect(order).toEqual(wanted);
      }),
    );
  });

  it('is found in steps however many rows there are, each number once and those alike as they stood', () => {
    const few = fc.integer({ min: 8_000, max: 40_000 });
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 20_000 }), (count, kinds) => {
        const keyOf = (at: number) => (at * 7_919) % kinds;
        const numbers = Uint32Array.from({ length: count }, (_, at) => at);
        const wanted = numbers.toSorted((a, b) => keyOf(a) - keyOf(b)).join();
        expect(done(sortSteps(numbers, (a, b) => keyOf(a) - keyOf(b))).join() === wanted).toBe(true);
      }),
      { numRuns: slowTries(5) },
    );
  });
});
