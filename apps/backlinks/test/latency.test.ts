import { expect, test } from 'vitest';
import { createLatency, type LatencySetting } from '../src/latency.js';

const drawn = (latency_ms: LatencySetting, count = 2000) => {
  const next = createLatency({ latency_ms });
  return Array.from({ length: count }, () => next()).sort((a, b) => a - b);
};
const at = (values: readonly number[], share: number) => values[Math.floor(values.length * share)] ?? Number.NaN;

test('a number is always the same', () => {
  expect(drawn(7, 3)).toEqual([7, 7, 7]);
});

test('a uniform one lies between its ends', () => {
  const values = drawn({ kind: 'uniform', min_ms: 100, max_ms: 200, seed: 1 });
  expect([values[0], values.at(-1)]).toEqual([100, 200]);
  expect(Math.abs(at(values, 0.5) - 150)).toBeLessThan(5);
});

test('a lognormal one has its median and its 99th percentile', () => {
  const values = drawn({ kind: 'lognormal', median_ms: 1000, p99_ms: 5000, seed: 1 }, 20_000);
  expect(Math.abs(at(values, 0.5) - 1000)).toBeLessThan(30);
  expect(Math.abs(at(values, 0.99) - 5000)).toBeLessThan(500);
});

test('an exponential one has its mean, and is cut off at ten minutes', () => {
  const values = drawn({ kind: 'exponential', mean_ms: 1000, seed: 1 }, 20_000);
  expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length - 1000)).toBeLessThan(30);
  expect(drawn({ kind: 'exponential', mean_ms: 600_000, seed: 1 }).at(-1)).toBe(600_000);
});

test('the same seed draws the same, another one others, and one that is set again begins again', () => {
  const set = { latency_ms: { kind: 'uniform' as const, min_ms: 0, max_ms: 100_000, seed: 1 } };
  const next = createLatency(set);
  const first = [next(), next(), next()];
  set.latency_ms = { ...set.latency_ms };
  expect([next(), next(), next()]).toEqual(first);
  set.latency_ms = { ...set.latency_ms, seed: 2 };
  expect([next(), next(), next()]).not.toEqual(first);
});
