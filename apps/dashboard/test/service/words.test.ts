import { expect, test } from 'vitest';
import { boundSentence, queueLines, waitSentence, workersSentence } from '../../src/pages/service/capacity-words.js';
import { receiverWords } from '../../src/pages/service/receiver-words.js';
import { budgetOf, changeOf, textsOf } from '../../src/pages/service/tenant-change.js';

const until = '2026-01-01T00:01:00Z';
const now = Date.parse('2026-01-01T00:00:00Z');

test('a wait says why, and counts down to its end', () => {
  const wait = (reason: string, at: number) => waitSentence({ paused: { until, reason } }, at);
  expect(wait('rate', now)).toBe('The upstream says that requests come too fast. Requests go on in 1 min.');
  expect(wait('upstream_funds', now + 59_000)).toBe(
    "The upstream's account has no money left. The next try is in 1 s.",
  );
  expect(wait('new_reason', now + 99_000)).toBe('new_reason. Requests go on at any moment.');
  expect(waitSentence({ paused: null }, now)).toBeNull();
});

test('what binds is told in the words of the service where it has some', () => {
  expect(boundSentence({ bound_by: 'turn', bound_detail: '3 jobs go first.' })).toBe('3 jobs go first.');
  expect(boundSentence({ bound_by: null, bound_detail: null })).toContain('Nothing');
  expect(workersSentence({ live: 0, useful_max: 2 })).toContain('No worker');
  expect(workersSentence({ live: 1, useful_max: 2 })).toContain('Up to 2');
});

test('what is under way is listed where the service tells it', () => {
  const queues = { jobs: 2, calls: { waiting: 1, sending: 3, delayed: 0, unknown: 0 }, events: 0, deliveries: 4 };
  expect(queueLines({ queues }).map(({ count }) => count)).toEqual([2, 1, 3, 0, 0, 0, 4]);
  expect(queueLines({ queues: null })).toEqual([]);
});

test('the form of a tenant says all of it again, and an empty field removes a limit', () => {
  const tenant = {
    tenant: 'a',
    budget_usd: 0,
    period: 'month' as const,
    committed_usd: 1,
    default_daily_usd: 9,
    requests_per_minute: null,
    weight: 2,
    max_age: null,
  };
  expect(changeOf(textsOf(tenant))).toEqual({ budget_usd: 0, period: 'month', requests_per_minute: null, weight: 2 });
  expect(changeOf({ ...textsOf(tenant), budget: ' ' })).toEqual({
    budget_usd: null,
    requests_per_minute: null,
    weight: 2,
  });
  expect(budgetOf(tenant)).toEqual({ usd: 0, period: 'month', isDefault: false });
  expect(budgetOf({ ...tenant, budget_usd: null })).toEqual({ usd: 9, period: 'day', isDefault: true });
});

test('a receiver that gave no status says why', () => {
  expect(receiverWords({ status: 503, error: null })).toBe('Answered 503');
  expect(receiverWords({ status: null, error: 'connection_refused' })).toBe('Nothing listens there');
});
