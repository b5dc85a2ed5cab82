import fc from 'fast-check';
import { expect, it } from 'vitest';
import { taskShares } from '../src/task-shares.js';

const CALL = 24_000_000;
const ITEM = 36_000;

interface Part {
  readonly call: number;
  readonly ok: number;
  readonly failed: number;
}

/** Rows of the parts of one call, each with an even share of what its part has cost, and the parts' answers. */
function partsOf(parts: readonly Part[]) {
  let line = 0;
  const rows = parts.flatMap(({ call, ok, failed }) => {
    const cost = ok > 0 ? CALL + ITEM * ok : 0;
    const [of, targets] = [ok + failed, Array.from({ length: ok + failed }, (_, at) => at)];
    return targets.map((at) => {
      line += 1;
      const share = Math.floor((cost * (at + 1)) / of) - Math.floor((cost * at) / of);
      const status = at < ok ? ('ok' as const) : ('failed' as const);
      return { line, call, status, cost_usd: share / 1e9, duplicate_of: null };
    });
  });
  const answers = parts.map(({ call, ok, failed }) => ({
    call,
    answer: { header: { cost: ok > 0 ? CALL + ITEM * ok : 0 } },
    targets: { length: ok + failed },
  }));
  return { rows, answers };
}

it('of a split call: who was not refused pays as in one call of them all, and the refused ones the rest', () => {
  const { rows, answers } = partsOf([
    { call: 2, ok: 50, failed: 0 },
    { call: 4, ok: 25, failed: 0 },
    { call: 5, ok: 24, failed: 0 },
    { call: 9, ok: 0, failed: 1 },
  ]);
  const shares = taskShares(rows, answers);
  const good = rows.filter(({ status }) => status === 'ok').reduce((sum, { line }) => sum + (shares.get(line) ?? 0), 0);
  expect(good).toBe(CALL + 99 * ITEM);
  expect(shares.get(100)).toBe(2 * CALL);
});

it('of a call that was not split, each target pays the same', () => {
  const { rows, answers } = partsOf([{ call: 1, ok: 3, failed: 0 }]);
  expect([...taskShares(rows, answers).values()]).toEqual([8_036_000, 8_036_000, 8_036_000]);
});

it('whatever was refused, shares add up to the cost, and none is negative', () => {
  const part = fc.record({ ok: fc.nat(60), failed: fc.nat(2) });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
      const { rows, answers } = partsOf(parts.map((one, at) => ({ ...one, call: at + 1 })));
      const shares = [...taskShares(rows, answers).values()];
      const cost = answers.reduce((sum, { answer }) => sum + answer.header.cost, 0);
      // A part without targets is no call.
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(rows.length === 0 ? 0 : cost);
      expect(Math.min(0, ...shares)).toBe(0);
    }),
  );
});
