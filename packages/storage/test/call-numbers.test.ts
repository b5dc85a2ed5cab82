import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AnswerOutcome,
  callBefore,
  followersOf,
  lastFollower,
  ordinalOf,
  type PlannedTarget,
  type PlanShape,
  partOf,
  rootOf,
  targetsOf,
} from '../src/index.js';

const split: AnswerOutcome = { kind: 'split', message: '' };
const page: AnswerOutcome = {
  kind: 'list',
  offset: 0,
  items: 1000,
  totalCount: null,
  itemsSoFar: 1000,
  costSoFar: 0,
  status: null,
  truncated: null,
};

function planOf(sizes: readonly number[]): PlannedTarget[][] {
  let line = 0;
  return sizes.map((size) =>
    Array.from({ length: size }, (): PlannedTarget => {
      line++;
      return { target: `d${line}.com`, kind: 'domain', rows: [{ line, input: '', id: null }] };
    }),
  );
}

const shapes = fc.record({ count: fc.integer({ min: 1, max: 100_000 }), callsPerPart: fc.constantFrom(1, 1000) });
const some = fc.nat();

test('the number of a page says its root, its page, the page before it, and the part of the plan that holds it', () => {
  fc.assert(
    fc.property(shapes, some, fc.nat(500), ({ count, callsPerPart }, pick, pages) => {
      const shape: PlanShape = { kind: 'list', roots: count, callsPerPart };
      const root = (pick % count) + 1;
      let call = root;
      for (let at = 0; at < pages; at++) {
        const [next] = followersOf({ call, outcome: page }, shape);
        expect(callBefore(next ?? 0, shape)).toBe(call);
        expect(next).toBeLessThanOrEqual(lastFollower(call, shape));
        call = next ?? 0;
      }
      expect([rootOf(call, shape), ordinalOf(call, shape)]).toEqual([root, pages]);
      expect(callBefore(root, shape)).toBeNull();
      const place = root - 1 - partOf(root, shape) * callsPerPart;
      expect(place >= 0 && place < callsPerPart).toBe(true);
    }),
  );
});

test('the number of a half says its root, and which call was split; no two calls share one', () => {
  fc.assert(
    fc.property(
      shapes,
      fc.tuple(some, some),
      fc.array(fc.boolean(), { maxLength: 11 }),
      ({ count }, [pick, other], way) => {
        const shape: PlanShape = { kind: 'bulk', roots: count, callsPerPart: 1 };
        const root = (pick % count) + 1;
        let call = root;
        for (const right of way) {
          const halves = followersOf({ call, outcome: split }, shape);
          expect(halves.map((half) => [rootOf(half, shape), callBefore(half, shape)])).toEqual([
            [root, call],
            [root, call],
          ]);
          expect(Math.max(...halves)).toBeLessThanOrEqual(lastFollower(call, shape));
          call = halves[right ? 1 : 0] ?? 0;
        }
        const lower = 1 + (other % call);
        expect(lastFollower(lower, shape)).toBeLessThanOrEqual(lastFollower(call, shape));
        const path = [call, ...way.map(() => 0)];
        for (let at = 1; at < path.length; at++) path[at] = callBefore(path[at - 1] ?? 0, shape) ?? 0;
        expect(path.at(-1)).toBe(root);
      },
    ),
  );
});

test('halves part the targets of the call that was split: every target is in exactly one last call', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(sizes, fc.infiniteStream(fc.boolean()), (all, coin) => {
      const part = planOf(all);
      const shape: PlanShape = { kind: 'bulk', roots: all.length, callsPerPart: all.length };
      const seen = new Set<number>();
      const leaves: string[] = [];
      const open = all.map((_, at) => at + 1);
      for (let call = open.pop(); call !== undefined; call = open.pop()) {
        expect(seen.has(call)).toBe(false);
        seen.add(call);
        const targets = targetsOf(part, call, shape) ?? [];
        if (targets.length > 1 && coin.next().value) {
          const halves = followersOf({ call, outcome: split }, shape);
          const parts = halves.map((half) => targetsOf(part, half, shape) ?? []);
          expect(parts.flat()).toEqual(targets);
          expect(Math.abs((parts[0]?.length ?? 0) - (parts[1]?.length ?? 0))).toBeLessThanOrEqual(1);
          open.push(...halves);
        } else leaves.push(...targets.map(({ target }) => target));
      }
      expect(leaves.toSorted()).toEqual(
        part
          .flat()
          .map(({ target }) => target)
          .toSorted(),
      );
    }),
  );
});

test('every page of a list has the targets of its root; a call that the plan does not hold has none', () => {
  const part = planOf([1, 1, 1]);
  const shape: PlanShape = { kind: 'list', roots: 1003, callsPerPart: 1000 };
  expect(targetsOf(part, 1002 + 5 * 1003, shape)).toBe(part[1]);
  expect(targetsOf(part, 1000 + 5 * 1003, shape)).toBeNull();
  expect(followersOf({ call: 1, outcome: { ...page, status: 'ok' } }, shape)).toEqual([]);
  expect(followersOf({ call: 1, outcome: { kind: 'bulk', items: [] } }, { ...shape, kind: 'bulk' })).toEqual([]);
});
