import { expect, test } from 'vitest';
import { byDay, groupOf, isRange, lastDays, rangeOf, usageLines } from '../../src/pages/service/usage-groups.js';

function sums(spent_usd: number) {
  return { calls: 1, items: 2, spent_usd, wasted_usd: 0, unconfirmed_usd: 0 };
}

test('days keep their order, all other groups are told by cost, and a group without a name stays', () => {
  const tags = [
    { ...sums(1), tag: 'a' },
    { ...sums(3), tag: null },
    { ...sums(2), tag: 'b' },
  ];
  expect(usageLines(tags, 'tag').map(({ group }) => group)).toEqual([null, 'b', 'a']);
  const days = [
    { ...sums(1), day: '2026-01-01' },
    { ...sums(3), day: '2026-01-02' },
  ];
  expect(usageLines(days, 'day').map(({ group }) => group)).toEqual(['2026-01-01', '2026-01-02']);
  expect(usageLines([{ ...sums(1), 'metadata.team': 'seo' }], 'metadata.team')[0]?.group).toBe('seo');
});

test('each day of the range has a value, over the end of a month and of summer time too', () => {
  const range = { from: '2026-10-24', until: '2026-11-02' };
  const { times, values } = byDay(usageLines([{ ...sums(5), day: '2026-10-31' }], 'day'), range);
  expect(values).toEqual([0, 0, 0, 0, 0, 0, 0, 5, 0, 0]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('the last day is counted in, which the service takes as the day after it', () => {
  const week = lastDays(7, Date.parse('2026-03-03T23:59:00Z'));
  expect(week).toEqual({ from: '2026-02-25', until: '2026-03-03' });
  expect(rangeOf(week)).toEqual({ from: '2026-02-25', to: '2026-03-04' });
  expect(isRange({ from: '2026-01-02', until: '2026-01-01' })).toBe(false);
  expect(isRange({ from: '', until: '2026-01-01' })).toBe(false);
});

test('metadata is asked for once its field is named', () => {
  expect(groupOf('metadata', '')).toBeNull();
  expect(groupOf('metadata', 'team')).toBe('metadata.team');
  expect(groupOf('day', 'team')).toBe('day');
});
