import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  latencyCurve,
  rateNow,
  rateWhileBusy,
  type Series,
  spendCurve,
  throughputCurve,
} from '../src/pages/job/overview/series-curves.js';

const MS = 2000;
const START = Date.parse('2026-11-30T12:00:00.000Z');

interface Told {
  readonly step: number;
  readonly ok: number;
  readonly spent?: number;
  readonly mean?: number | null;
}

function seriesOf(told: readonly Told[]): Series {
  return {
    ms: MS,
    points: told.map(({ step, ok, spent = 0, mean = 500 }) => ({
      at: new Date(START + step * MS).toISOString(),
      ms: MS,
      calls: 1,
      rows: { ok, empty: 0, failed: 0 },
      cost_usd: spent,
      latency_ms: mean === null ? null : { mean, max: mean * 2 },
    })),
  };
}

const told = fc
  .uniqueArray(fc.record({ step: fc.nat(400), ok: fc.integer({ min: -50, max: 5000 }), spent: fc.nat(100) }), {
    selector: ({ step }) => step,
    maxLength: 60,
  })
  .map((points) => points.toSorted((a, b) => a.step - b.step));

describe('the curves of a series', () => {
  it('have one value for each time, and times that rise', () => {
    fc.assert(
      fc.property(told, (points) => {
        const series = seriesOf(points);
        for (const { times, values } of [throughputCurve(series), latencyCurve(series), spendCurve(series)]) {
          expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
          for (const line of values) expect(line).toHaveLength(times.length);
        }
      }),
    );
  });

  it('show one span of time, so that they can be compared', () => {
    const series = seriesOf([
      { step: 3, ok: 10 },
      { step: 9, ok: 10 },
    ]);
    const spans = [throughputCurve, latencyCurve, spendCurve].map((curve) => {
      const { times } = curve(series);
      return [times[0], times.at(-1)];
    });
    expect(spans).toEqual(spans.map(() => [START + 3 * MS, START + 10 * MS]));
  });

  it('fall to no rows a second where the job did nothing', () => {
    const { times, values } = throughputCurve(
      seriesOf([
        { step: 0, ok: 1000 },
        { step: 5, ok: 4000 },
      ]),
    );
    expect(times.map((time) => (time - START) / MS)).toEqual([0, 1, 2, 5, 6]);
    expect(values[0]).toEqual([0, 500, 0, 0, 2000]);
  });

  it('never fall below 0 where rows are run again', () => {
    expect(throughputCurve(seriesOf([{ step: 0, ok: -20 }])).values[0]).toEqual([0, 0]);
  });

  it('end with all that was spent', () => {
    fc.assert(
      fc.property(told, (points) => {
        const spent = points.reduce((sum, point) => sum + point.spent, 0);
        expect(spendCurve(seriesOf(points)).values[0]?.at(-1) ?? 0).toBe(spent);
      }),
    );
  });

  it('are level where nothing was bought', () => {
    const points = [0, 5].map((step) => ({ step, ok: 1, spent: 2 }));
    expect(spendCurve(seriesOf(points)).values[0]).toEqual([0, 2, 2, 4]);
  });

  it('pass over a moment without answers, and break where there were none for long', () => {
    const { values } = latencyCurve(
      seriesOf([
        { step: 0, ok: 1, mean: 100 },
        { step: 1, ok: 1, mean: null },
        { step: 2, ok: 1, mean: 300 },
        { step: 30, ok: 1, mean: 400 },
      ]),
    );
    expect(values[0]).toEqual([null, 100, 300, null, 400]);
    expect(values[1]).toEqual([null, 200, 600, null, 800]);
  });
});

describe('the rates of a series', () => {
  const series = seriesOf([
    { step: 0, ok: 9000 },
    { step: 100, ok: 1500 },
  ]);

  it('are told of the last seconds while the job runs', () => {
    expect(rateNow(series, START + 101 * MS)).toEqual({ rows: 100, calls: 1 / 15 });
    expect(rateNow(series, START + 1000 * MS)).toEqual({ rows: 0, calls: 0 });
  });

  it('are those of a shorter time where the job is younger', () => {
    expect(rateNow(seriesOf([{ step: 0, ok: 400 }]), START + MS)).toEqual({ rows: 200, calls: 0.5 });
  });

  it('leave out the time in which nothing happened once the job is finished', () => {
    expect(rateWhileBusy(series).rows).toBe(10_500 / 4);
    expect(rateWhileBusy(seriesOf([]))).toEqual({ rows: 0, calls: 0 });
  });
});
