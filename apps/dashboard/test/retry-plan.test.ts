import { describe, expect, it } from 'vitest';
import { countFailures } from '../src/pages/job/results/failure-counts.js';
import { firstChosen, planOf, retryRefusal } from '../src/pages/job/results/retry-plan.js';

type Code = 'budget' | 'answer_unreadable' | 'malformed' | 'upstream_error';

const STATUS = {
  budget: 'skipped',
  answer_unreadable: 'failed',
  malformed: 'invalid',
  upstream_error: 'failed',
} as const;

async function* rowsOf(codes: readonly Code[], duplicates = 0) {
  for (const [at, code] of codes.entries()) {
    const error = { code, message: `at ${at}`, retryable: code === 'budget' || code === 'upstream_error', attempts: 1 };
    const duplicate_of = at < duplicates ? 1 : null;
    yield {
      status: STATUS[code],
      line: at + 1,
      input: 'a.com',
      target: code === 'malformed' ? null : 'a.com',
      duplicate_of,
      error,
    };
  }
}

const job = {
  rows: { total: 100, pending: 0, ok: 40, empty: 10, failed: 20, invalid: 10, skipped: 20 },
  cost: { estimated_usd: 9, spent_usd: 5, reserved_usd: 0, unconfirmed_usd: 0, wasted_usd: 0 },
};
const untouched = {
  rows: { ...job.rows, ok: 0, empty: 0, skipped: 70 },
  cost: { ...job.cost, spent_usd: 0 },
};
const ignore = () => undefined;

describe('failed rows by code', () => {
  it('are counted, the most frequent code first, with the first of them', async () => {
    const counted = await countFailures(
      rowsOf(['malformed', 'budget', 'budget', 'budget', 'budget', 'malformed']),
      ignore,
    );
    expect(counted).toMatchObject({ rows: 6, isWhole: true });
    expect(counted.counts.map(({ code, rows }) => [code, rows])).toEqual([
      ['budget', 4],
      ['malformed', 2],
    ]);
    expect(counted.counts[0]?.examples.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it('are counted up to a bound, and the rest of the stream is left', async () => {
    const counted = await countFailures(rowsOf(['budget', 'budget', 'budget', 'budget']), ignore, 3);
    expect(counted).toMatchObject({ rows: 3, isWhole: false });
  });
});

describe('a retry', () => {
  it('takes the chosen codes, but never invalid rows, and chooses at first what may succeed', async () => {
    const { counts } = await countFailures(rowsOf(['budget', 'malformed', 'answer_unreadable']), ignore);
    expect(firstChosen(counts)).toEqual(['budget']);
    const plan = planOf(counts, ['budget', 'malformed'], job, false);
    expect(plan).toMatchObject({ codes: ['budget'], rows: 1 });
  });

  it('is priced by what a row of the job cost, duplicates apart', async () => {
    const { counts } = await countFailures(rowsOf(['budget', 'budget', 'budget'], 1), ignore);
    const plan = planOf(counts, ['budget'], job, false);
    expect(plan).toMatchObject({ rows: 3, estimatedUsd: 0.2, goesBy: 'rows' });
  });

  it("is priced by the job's estimate where nothing was bought", async () => {
    const { counts } = await countFailures(rowsOf(['budget', 'upstream_error']), ignore);
    const plan = planOf(counts, ['budget', 'upstream_error'], untouched, false);
    expect(plan).toMatchObject({ estimatedUsd: 0.2, goesBy: 'estimate' });
  });

  it('reads kept answers for nothing, unless they are to be bought', async () => {
    const { counts } = await countFailures(rowsOf(['answer_unreadable']), ignore);
    expect(planOf(counts, ['answer_unreadable'], job, false).estimatedUsd).toBe(0);
    expect(planOf(counts, ['answer_unreadable'], job, true).estimatedUsd).toBe(0.1);
  });

  it('waits for the end of the job', () => {
    expect(retryRefusal({ status: 'running', finished_at: null })).toMatch(/finished or cancelled/);
    expect(retryRefusal({ status: 'cancelled', finished_at: null })).toMatch(/still open/);
    expect(retryRefusal({ status: 'cancelled', finished_at: '2026-11-30T12:00:00.000Z' })).toBeNull();
    expect(retryRefusal({ status: 'completed', finished_at: '2026-11-30T12:00:00.000Z' })).toBeNull();
  });
});
