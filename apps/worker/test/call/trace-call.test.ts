import { expect, it } from 'vitest';
import { isTraced } from '../../src/call/trace-call.js';

it('follows all calls of a small job, and some hundred of a large one', () => {
  const calls = Array.from({ length: 1_000_000 }, (_, at) => at + 1);
  const traced = calls.filter(isTraced);
  expect(traced.slice(0, 101)).toEqual([...calls.slice(0, 100), 110]);
  expect(traced).toHaveLength(99 + 4 * 90 + 1);
});
