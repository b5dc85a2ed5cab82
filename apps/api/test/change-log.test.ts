import { expect, it } from 'vitest';
import { createChangeLog } from '../src/live/change-log.js';

/** A log that is told of the jobs one after the other, each time with a new state. */
function logOf(ids: readonly string[], bounds: { jobs: number; bytes: number }, bytesEach = 0) {
  const log = createChangeLog(bounds);
  for (const [at, id] of ids.entries()) log.tell({ id, state: String(at), bytesAt: () => new Uint8Array(bytesEach) });
  return log;
}

/** The ids of the events after a position, in order; `missed` where some are gone. */
function after(log: ReturnType<typeof logOf>, position: number): string[] {
  const found = [];
  for (let entry = log.after(position); entry !== null; entry = log.after(entry.position)) {
    if (entry === 'missed') return ['missed'];
    found.push(entry.id);
  }
  return found;
}

it('tells the newest event of each job, in order', () => {
  const log = logOf(['a', 'b', 'a', 'c'], { jobs: 10, bytes: 10 });
  expect([after(log, 0), after(log, 2), after(log, 4)]).toEqual([['b', 'a', 'c'], ['a', 'c'], []]);
  expect(log.tell({ id: 'c', state: '3', bytesAt: () => new Uint8Array() })).toBe(false);
});

it('holds no more jobs and bytes than it may, and says who has missed something', () => {
  const few = logOf(['a', 'b', 'c'], { jobs: 2, bytes: 10 });
  expect([after(few, 0), after(few, 1)]).toEqual([['missed'], ['b', 'c']]);
  const small = logOf(['a', 'b', 'c'], { jobs: 10, bytes: 20 }, 10);
  expect([after(small, 0), after(small, 1)]).toEqual([['missed'], ['b', 'c']]);
});
