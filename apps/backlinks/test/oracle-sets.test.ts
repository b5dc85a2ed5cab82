import { expect, test } from 'vitest';
import { setsAgree } from './oracle/sets-agree.js';
import { serveAllTests } from './serve-tests.js';
import { call } from './support.js';

const server = serveAllTests({ settings: { balance_usd: 100_000 } });

setsAgree(server);

test.each([
  ['a number that no target has', { filters: ['2.rank', '>', 1] }, 'filters'],
  ['a field that a target has not', { order_by: ['1.domain,asc'] }, 'order_by'],
  ['a target that is none', { targets: { 1: 'no target' } }, 'targets'],
  [
    'more targets than twenty',
    { targets: Object.fromEntries(Array.from({ length: 25 }, (_, at) => [at + 1, `${at + 1}.example.com`])) },
    'targets',
  ],
  ['keys that are no numbers', { targets: { a: 'forbes.com' } }, 'targets'],
  ['an excluded target that is none', { exclude_targets: ['1.2'] }, 'exclude_targets'],
])('refuses %s by name, free of charge', async (_, fields, named) => {
  const { cost, tasks } = await call(server, 'domain_intersection', { targets: { 1: 'forbes.com' }, ...fields });
  expect(cost).toBe(0);
  expect(tasks?.[0]).toMatchObject({ status_code: 40501, status_message: `Invalid Field: '${named}'.` });
});
