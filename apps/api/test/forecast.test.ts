import type { Capacity } from '@linkhaul/jobs';
import { nanosOf } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { forecast } from '../src/submit/estimate/forecast.js';

const capacity: Capacity = {
  maxPerMinute: 60_000,
  maxInFlight: 10,
  slots: 10,
  inFlight: 0,
  sentLastMinute: 0,
  outage: null,
  inDoubt: 0,
  slotsBind: false,
  rateBinds: false,
  wait: null,
  latencyMs: 1000,
  workers: 1,
  places: 20,
  jobs: 0,
};

/** 100 lists of a dollar a call, at most ten calls each, and ten of them asked for twice. */
const lists = {
  rows: { valid: 110, invalid: 5, duplicates: 10 },
  estimate: { calls: 100, mostCalls: 1000, low: nanosOf(100), high: nanosOf(1000) },
  cheapestCall: nanosOf(1),
  inInputOrder: { calls: 110, cost: nanosOf(110) },
  maxCost: null,
  ahead: { capacity, others: [] },
  balance: null,
};

describe('a forecast', () => {
  it('is a range of cost and time, and says what binds', () => {
    expect(forecast(lists)).toEqual({
      rows: 115,
      invalid: 5,
      duplicates: 10,
      calls: { planned: 100, in_input_order: 110 },
      cost_usd: { low: 100, high: 1000 },
      saved_usd: 10,
      saved_by_reuse_usd: 0,
      duration_ms: { low: 10_000, high: 100_000 },
      bound_by: 'upstream_in_flight',
      balance_usd: null,
    });
  });

  it('takes longer with jobs that take turns: each of them as many as it has, or as the job does', () => {
    const ahead = { capacity, others: [400, 5000] };
    expect(forecast({ ...lists, ahead }).duration_ms).toEqual({ low: 10_000, high: 240_000 });
  });

  it.each([
    [400, { cost_usd: { low: 100, high: 400 }, duration_ms: { low: 10_000, high: 40_000 }, bound_by: 'budget' }],
    [50, { cost_usd: { low: 50, high: 50 }, duration_ms: { low: 5000, high: 5000 }, bound_by: 'budget' }],
    [1000, { cost_usd: { low: 100, high: 1000 }, bound_by: 'upstream_in_flight' }],
  ])('is bounded by a budget of $%i', (usd, expected) => {
    expect(forecast({ ...lists, maxCost: nanosOf(usd) })).toMatchObject({ ...expected, saved_usd: 10 });
  });

  it('has no end where nothing limits the lists, unless a budget does', () => {
    const endless = { ...lists, estimate: { ...lists.estimate, mostCalls: null, high: null } };
    expect(forecast(endless)).toMatchObject({
      cost_usd: { low: 100, high: null },
      duration_ms: { low: 10_000, high: null },
    });
    expect(forecast({ ...endless, maxCost: nanosOf(300) })).toMatchObject({
      cost_usd: { low: 100, high: 300 },
      duration_ms: { low: 10_000, high: 30_000 },
      bound_by: 'budget',
    });
  });

  it('knows no time where no worker has spoken', () => {
    expect(forecast({ ...lists, ahead: null })).toMatchObject({
      duration_ms: { low: null, high: null },
      bound_by: null,
    });
  });
});
