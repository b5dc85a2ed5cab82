import fc from 'fast-check';
import { expect, it } from 'vitest';
import { taskShares } from '../src/task-shares.js';

const CALL = 24_000_000;
const ITEM = 36_000;

interface Part {
  readonly call: number;
  readonly ok: number;
  readonly failed: number;
  /** Why the others failed, where they were not refused. */
  readonly code?: 'upstream_rejected' | 'upstream_error';
  /** Targets that are answered from a stored answer. */
  readonly copied?: number;
}

/** Rows of the parts of one call, each with an even share of what its part has cost, and the parts' answers. */
function partsOf(parts: readonly Part[]) {
  let line = 0;
  const rows = parts.flatMap(({ call, ok, failed, code = 'upstream_rejected', copied = 0 }) => {
    const cost = ok > 0 ? CALL + ITEM * ok : 0;
    const [of, targets] = [ok + failed, Array.from({ length: ok + failed }, (_, at) => at)];
    const bought = targets.map((at) => {
      line += 1;
      const share = Math.floor((cost * (at + 1)) / of) - Math.floor((cost * at) / of);
      const end =
        at < ok
          ? { status: 'ok' as const, error: null }
          : { status: 'failed' as const, error: { code, message: '', retryable: false, attempts: 1 } };
      return { line, call, ...end, cost_usd: share / 1e9, duplicate_of: null };
    });
    const copies = Array.from({ length: copied }, () => {
      line += 1;
      return { line, call, status: 'ok' as const, error: null, cost_usd: 0, duplicate_of: null };
    });
    return [...bought, ...copies];
  });
  const answers = parts.map(({ call, ok, failed, copied = 0 }) => {
    const fetchedAt = [...Array.from({ length: ok + failed }, () => null), ...Array.from({ length: copied }, () => 1)];
    const ofCopies = copied > 0 ? { copied: { fetchedAt, empty: [], ownBytes: 0 } } : {};
    const header = { cost: ok > 0 ? CALL + ITEM * ok : 0, ...ofCopies };
    return { call, answer: { header }, targets: { length: fetchedAt.length } };
  });
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

it('of a split call: a target that failed for another reason pays nothing for the split', () => {
  const { rows, answers } = partsOf([
    { call: 2, ok: 4, failed: 0 },
    { call: 4, ok: 2, failed: 0 },
    { call: 6, ok: 0, failed: 1 },
    { call: 7, ok: 0, failed: 1, code: 'upstream_error' },
  ]);
  const shares = taskShares(rows, answers);
  expect(shares.get(7)).toBe(CALL);
  expect(shares.get(8)).toBe(0);
  expect([...shares.values()].reduce((sum, share) => sum + share, 0)).toBe(2 * CALL + 6 * ITEM);
});

it('of a split call: a target whose answer is a copy pays nothing, and the others what they would without it', () => {
  const { rows, answers } = partsOf([
    { call: 2, ok: 50, failed: 0 },
    { call: 3, ok: 0, failed: 1 },
    { call: 4, ok: 10, failed: 0, copied: 30 },
  ]);
  const shares = taskShares(rows, answers);
  expect(rows.filter(({ cost_usd, status }) => status === 'ok' && cost_usd === 0)).toHaveLength(30);
  const paid = (from: number, to: number) =>
    rows.slice(from, to).reduce((sum, { line }) => sum + (shares.get(line) ?? 0), 0);
  expect([paid(0, 50) + paid(51, 61), paid(50, 51), paid(61, 91)]).toEqual([CALL + 60 * ITEM, CALL, 0]);
});

it('of a call that was not split, each target pays the same', () => {
  const { rows, answers } = partsOf([{ call: 1, ok: 3, failed: 0 }]);
  expect([...taskShares(rows, answers).values()]).toEqual([8_036_000, 8_036_000, 8_036_000]);
});

it('whatever was refused, shares add up to the cost, and none is negative', () => {
  const code = fc.constantFrom('upstream_rejected' as const, 'upstream_error' as const);
  const part = fc.record({ ok: fc.nat(60), failed: fc.nat(2), copied: fc.nat(3), code });
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
