import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { comparable, expectedAnswer } from './oracle/answer.js';
import { fieldsOf, type SetName, type SetTask } from './oracle/sets.js';
import { type Vocabularies, type Vocabulary, vocabulariesOf } from './oracle/vocabulary.js';
import { readWorld, type World } from './oracle/world.js';
import { serveAllTests } from './serve-tests.js';
import { call } from './support.js';

const RICH = ['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk'];
const SETS = ['domain_intersection', 'page_intersection'] as const;
const RUNS = tries(12);
const OFTEN = { numRuns: RUNS, interruptAfterTimeLimit: 250_000, markInterruptAsFailure: true };

const server = serveAllTests({ settings: { balance_usd: 100_000 } });
let world: World;
let vocabularies: Vocabularies;
let pages: string[];
beforeAll(async () => {
  world = await readWorld(server.graph);
  vocabularies = vocabulariesOf(world, RICH);
  pages = [...world.pages.keys()].filter((url) => RICH.some((host) => url.startsWith(`https://${host}/`))).slice(0, 30);
});

/** Conditions on one of the first targets, in the words of a list that has the same fields. */
function filterOf({ mild }: Vocabulary, most: number): fc.Arbitrary<readonly unknown[]> {
  const number = fc.integer({ min: 1, max: most });
  const condition = fc.tuple(fc.constantFrom(...mild.flat()), number).map(([[name, ...rest], at]) => {
    const own = name === 'domain' ? 'target' : String(name);
    return [`${at}.${own}`, ...rest];
  });
  return fc
    .array(fc.tuple(condition, fc.constantFrom('and', 'or')), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.flatMap(([one, joint], at) => (at === 0 ? [one] : [joint, one])));
}

function taskOf(name: SetName): fc.Arbitrary<SetTask> {
  const isDomains = name === 'domain_intersection';
  const vocabulary = vocabularies[isDomains ? 'referring_domains' : 'backlinks'];
  const flag = fc.boolean();
  const target = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...RICH) },
    fc.constantFrom(...pages, 'nobody-knows.com'),
  );
  const excluded = fc.oneof(
    target,
    fc.constantFrom(...RICH).map((host) => `https://${host}/*`),
  );
  return fc.uniqueArray(target, { minLength: 1, maxLength: 3 }).chain((targets) =>
    fc.record(
      {
        targets: fc.constant(Object.fromEntries(targets.map((one, at) => [String(at + 1), one]))),
        exclude_targets: fc.uniqueArray(excluded, { maxLength: 2 }),
        intersection_mode: fc.constantFrom('all', 'partial'),
        limit: fc.integer({ min: 1, max: 20 }),
        offset: fc.integer({ min: 0, max: 5 }),
        internal_list_limit: fc.integer({ min: 1, max: 5 }),
        backlinks_status_type: fc.constantFrom('all', 'live', 'lost'),
        filters: filterOf(vocabulary, targets.length),
        order_by: fc.constantFrom(['1.rank,asc'], [`${targets.length}.first_seen,desc`], ['intersections_count,asc']),
        include_subdomains: flag,
        include_indirect_links: flag,
        exclude_internal_backlinks: flag,
        rank_scale: fc.constantFrom('one_hundred', 'one_thousand'),
      },
      { requiredKeys: ['targets'] },
    ),
  );
}

test.each(SETS)('any set is answered by %s as the plain implementation answers it', async (name) => {
  let withItems = 0;
  const property = fc.asyncProperty(taskOf(name), async (task) => {
    const expected = expectedAnswer(world, name, task);
    expect(comparable(await call(server, name, task)), JSON.stringify(task)).toStrictEqual(expected);
    if (Number(expected.tasks[0]?.result?.[0]?.items_count ?? 0) > 0) withItems++;
  });
  await fc.assert(property, OFTEN);
  expect(withItems).toBeGreaterThan(RUNS / 6);
});

test.each(SETS)('no field of %s has a value for a target that nothing links to', async (name) => {
  const task = { targets: { 1: 'forbes.com', 2: 'nobody-knows.com' }, intersection_mode: 'partial', limit: 1 };
  const found = async (filters: readonly unknown[]) =>
    (await call(server, name, { ...task, filters })).tasks?.[0]?.result?.[0];
  const all = await found([]);
  expect(all).toMatchObject({ items_count: 1 });
  for (const field of fieldsOf(name, ['2']).fields.keys()) {
    if (!field.startsWith('2.')) continue;
    expect(await found([field, '=', null]), field).toEqual(all);
  }
});

test.each([
  ['a number that no target has', { filters: ['2.rank', '>', 1] }, 'filters'],
  ['a field that a target has not', { order_by: ['1.domain,asc'] }, 'order_by'],
  ['a target that is none', { targets: { 1: 'no target' } }, 'targets'],
  [
    'more targets than twenty',
    { targets: Object.fromEntries(RICH.concat(...Array(4).fill(RICH)).map((one, at) => [at + 1, one])) },
    'targets',
  ],
  ['keys that are no numbers', { targets: { a: 'forbes.com' } }, 'targets'],
  ['an excluded target that is none', { exclude_targets: ['1.2'] }, 'exclude_targets'],
])('refuses %s by name, free of charge', async (_, fields, named) => {
  const { cost, tasks } = await call(server, 'domain_intersection', { targets: { 1: 'forbes.com' }, ...fields });
  expect(cost).toBe(0);
  expect(tasks?.[0]).toMatchObject({ status_code: 40501, status_message: `Invalid Field: '${named}'.` });
});
