import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AnswerOutcome,
  callBefore,
  followersOf,
  lastFollower,
  lastRunOf,
  ordinalOf,
  type PlanShape,
  partOf,
  rootOf,
  runOf,
} from '../src/index.js';

const CALLS_PER_PART = 10;

const OUTCOMES: Readonly<Record<PlanShape['kind'], AnswerOutcome>> = {
  bulk: { kind: 'split', message: '' },
  list: {
    kind: 'list',
    offset: 0,
    items: 1000,
    totalCount: null,
    itemsSoFar: 1000,
    costSoFar: 0,
    status: null,
    truncated: null,
  },
};

/** How many calls a run has, and its highest call, as root and ordinal. */
const run = fc.record({ roots: fc.integer({ min: 1, max: 50 }), ordinal: fc.nat(6), pick: fc.nat() });

interface Runs {
  readonly shape: PlanShape;
  /** The highest number that they can come to. */
  readonly top: number;
}

/** The highest call of the last run, with what is known of it by its number alone. */
function checkRun(shape: PlanShape, at: { run: number; ordinal: number; pick: number }): number {
  const { base, roots } = lastRunOf(shape);
  const root = base + (at.pick % roots) + 1;
  const call = root + at.ordinal * roots;
  expect([runOf(call, shape).run, rootOf(call, shape), ordinalOf(call, shape)]).toEqual([at.run, root, at.ordinal]);
  expect(callBefore(root, shape)).toBeNull();
  for (const follower of followersOf({ call, outcome: OUTCOMES[shape.kind] }, shape)) {
    expect([runOf(follower, shape).run, callBefore(follower, shape)]).toEqual([at.run, call]);
  }
  // The parts of a run never are those of another.
  expect(Math.floor(partOf(root, shape) / 1_000_000)).toBe(at.run - 1);
  return call;
}

test('the calls of each run have numbers of their own, above all that the runs before can come to', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<PlanShape['kind']>('bulk', 'list'),
      fc.array(run, { minLength: 1, maxLength: 5 }),
      (kind, runs) => {
        let before: Runs | null = null;
        for (const [at, { roots, ...pick }] of runs.entries()) {
          const further = { run: at + 1, base: before?.top ?? 0, roots, callsPerPart: CALLS_PER_PART, end: null };
          const shape: PlanShape =
            before === null
              ? { kind, roots, callsPerPart: CALLS_PER_PART }
              : { ...before.shape, later: [...(before.shape.later ?? []), further] };
          const call = checkRun(shape, { run: at + 1, ...pick });
          const top = lastFollower(Math.max(call, further.base + roots), shape);
          expect(followersOf({ call, outcome: OUTCOMES[kind] }, shape).every((follower) => follower <= top)).toBe(true);
          before = { shape, top };
        }
      },
    ),
  );
});
