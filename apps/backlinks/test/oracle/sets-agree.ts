import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { isThorough, tries } from '../../../../e2e/env.js';
import { call, type Server } from '../support.js';
import { comparable, expectedAnswer } from './answer.js';
import { fieldsOf, type SetTask } from './sets.js';
import { type Vocabularies, type Vocabulary, vocabulariesOf } from './vocabulary.js';
import { readWorld, type World } from './world.js';

const RICH = ['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk'];
const SETS = ['domain_intersection', 'page_intersection'] as const;
const RUNS = tries(12);
const OFTEN = { numRuns: RUNS, interruptAfterTimeLimit: 250_000, markInterruptAsFailure: true };

/** The list whose items have the fields that the items of a set have for each target. */
const LIKE = { domain_intersection: 'referring_domains', page_intersection: 'backlinks' } as const;

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

/** Tasks over some pages of the world and its richest targets. */
function taskOf({ filters, pages }: { filters: Vocabulary; pages: readonly string[] }): fc.Arbitrary<SetTask> {
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
        filters: filterOf(filters, targets.length),
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

/** Whatever set is asked of a server, it answers as the plain implementation does. */
export function setsAgree(server: Server): void {
  let world: World;
  let vocabularies: Vocabularies;
  let pages: string[];
  beforeAll(async () => {
    world = await readWorld(server.graph);
    vocabularies = vocabulariesOf(world, RICH);
    pages = [...world.pages.keys()]
      .filter((url) => RICH.some((host) => url.startsWith(`https://${host}/`)))
      .slice(0, 30);
  });

  test.each(SETS)('any set is answered by %s as the plain implementation answers it', async (name) => {
    let withItems = 0;
    const property = fc.asyncProperty(taskOf({ filters: vocabularies[LIKE[name]], pages }), async (task) => {
      const expected = expectedAnswer(world, name, task);
      expect(comparable(await call(server, name, task)), JSON.stringify(task)).toStrictEqual(expected);
      if (Number(expected.tasks[0]?.result?.[0]?.items_count ?? 0) > 0) withItems++;
    });
    await fc.assert(property, OFTEN);
    // A few runs may all find nothing.
    if (isThorough) expect(withItems).toBeGreaterThan(RUNS / 6);
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
}
