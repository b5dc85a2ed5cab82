import { describe, expect, it } from 'vitest';
import { boundAhead, callsLeft, callsPerSecond, durationMs, etaMs, usefulWorkers } from '../../src/permit/pace.js';
import { idle } from './idle-account.js';

describe('calls a second', () => {
  it('are the least of what the rate, the slots and the places allow', () => {
    expect(callsPerSecond(idle)).toBeCloseTo(32.7, 1);
    expect(callsPerSecond({ ...idle, latencyMs: 100 })).toBeCloseTo(32.7, 1);
    expect(callsPerSecond({ ...idle, latencyMs: 2000 })).toBe(15);
    expect(callsPerSecond({ ...idle, latencyMs: 2000, slots: 10 })).toBe(5);
    expect(callsPerSecond({ ...idle, latencyMs: 2000, places: 4 })).toBe(2);
  });

  it('more workers than fill the slots are of no use', () => {
    expect(usefulWorkers(idle)).toBe(1);
    expect(usefulWorkers({ ...idle, workers: 2, places: 20 })).toBe(3);
    expect(usefulWorkers({ ...idle, workers: 0, places: 0 })).toBe(1);
  });
});

describe('the end of a job', () => {
  it('counts the calls that are planned, or as many a row as its rows took', () => {
    expect(callsLeft({ total: 1000, pending: 1000, done: 0, planned: 10 })).toBe(10);
    expect(callsLeft({ total: 1000, pending: 500, done: 5, planned: 10 })).toBe(5);
    expect(callsLeft({ total: 100, pending: 50, done: 150, planned: 200 })).toBe(150);
    expect(callsLeft({ total: 100, pending: 0, done: 100, planned: 100 })).toBe(0);
  });

  it('is when its own calls and its turns with others are over', () => {
    const slow = { ...idle, latencyMs: 3000 };
    expect(etaMs(100, [], slow)).toBe(10_000);
    expect(etaMs(100, [100, 1_000_000], slow)).toBe(30_000);
    expect(etaMs(100, [10], slow)).toBe(11_000);
  });
});

describe('before a job is sent', () => {
  it.each([
    [{ places: 0 }, 100, 'no_workers'],
    [{}, 100, 'upstream_rate'],
    [{ latencyMs: 100 }, 100, 'upstream_rate'],
    [{ latencyMs: 3000 }, 100, 'upstream_in_flight'],
    [{ latencyMs: 3000 }, 30, null],
    [{ latencyMs: 3000, slots: 10 }, 30, 'upstream_in_flight'],
    [{ latencyMs: 3000, places: 10 }, 30, 'workers'],
  ] as const)('%j binds %i calls: %s', (now, calls, expected) => {
    expect(boundAhead(calls, { ...idle, ...now })).toBe(expected);
  });

  it('its time is that of its calls and its turns, and at least that of one answer', () => {
    const slow = { ...idle, latencyMs: 3000 };
    expect(durationMs(100, [], slow)).toBe(10_000);
    expect(durationMs(100, [50], slow)).toBe(15_000);
    expect(durationMs(1, [], slow)).toBe(3000);
    expect(durationMs(0, [50], slow)).toBe(0);
    expect(durationMs(100, [], { ...slow, places: 0 })).toBeNull();
  });
});
