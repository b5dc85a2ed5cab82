import type { AnswerHeader, PlannedTarget } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import { outcomeOf } from '../src/row-outcome.js';

const HEADER: Omit<AnswerHeader, 'outcome'> = {
  call: 1,
  attempt: 1,
  failures: 0,
  worker: null,
  sentAt: 0,
  answeredAt: 9000,
  httpStatus: null,
  statusCode: null,
  taskId: null,
  cost: 0,
  simulated: false,
};

const targets: PlannedTarget[] = ['a.com', 'b.com', 'c.com'].map((target, at) => ({
  target,
  kind: 'domain',
  rows: [{ line: at + 1, input: target, id: null }],
}));

const place = (position: number) => ({
  isCounted: true,
  costBefore: 0,
  costOfRow: 0,
  position,
  targets,
  isFirst: true,
});
const answerOf = (header: AnswerHeader) => ({ header, body: async () => Buffer.alloc(0), copies: async () => null });

test('bought targets share the cost of their call, and copied ones cost nothing', () => {
  const copied = { fetchedAt: [null, 5000, null], empty: [], ownBytes: 0 };
  const answer = answerOf({ ...HEADER, cost: 2_000_000_001, copied, outcome: { kind: 'bulk', items: [0, 2, 1] } });
  const rows = [0, 1, 2].map((position) => outcomeOf(answer, place(position)));
  expect(rows.map(({ cost_usd }) => cost_usd)).toEqual([1, 0, 1.000000001]);
  expect(rows.map(({ fetched_at }) => Date.parse(fetched_at ?? ''))).toEqual([9000, 5000, 9000]);
});

test('a list that is copied after a failed run costs what that run has cost', () => {
  const list = {
    kind: 'list',
    offset: 0,
    items: 3,
    totalCount: 3,
    itemsSoFar: 3,
    status: 'ok',
    truncated: null,
  } as const;
  const copied = { fetchedAt: [5000], empty: [], ownBytes: 0 };
  const answer = answerOf({ ...HEADER, copied, outcome: { ...list, costSoFar: 7_000_000 } });
  expect(outcomeOf(answer, { ...place(0), targets: targets.slice(0, 1) })).toMatchObject({ cost_usd: 0.007, items: 3 });
});
