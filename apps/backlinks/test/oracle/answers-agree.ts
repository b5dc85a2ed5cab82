import { type EndpointName, endpointName } from '@linkhaul/schemas';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isThorough, tries } from '../../../../e2e/env.js';
import { call, resultOf, type Server } from '../support.js';
import { comparable, expectedAnswer, isBulk, type Tasks } from './answer.js';
import { everyNull, everyOperator } from './cases.js';
import { isListed, lackingIn } from './fields.js';
import { fieldOf } from './filter.js';
import { type ListName, type ListTask, listName, listResult, metItems, takes } from './lists.js';
import { itemsPart, linksPart, type Plan, planOf } from './plan.js';
import { spread } from './pools.js';
import { bulkTask, listTask, singleTask, type Targets } from './requests.js';
import { isSingle } from './singles.js';
import { targetsIn } from './targets.js';
import { allOf, type Vocabularies, vocabulariesOf } from './vocabulary.js';
import { readWorld, type World } from './world.js';

const BULKS = endpointName.options.filter(isBulk);
const LISTS = listName.options;
const LINK_LISTS = LISTS.filter((name) => takes(name, 'backlinks_filters'));
const RICH = ['forbes.com', 'cnn.com', 'apple.com', 'ahrefs.com', 'example.co.uk'];

/** The first without parameters: the usual question is answered from other tables than the unusual ones. */
const basesOf = (name: ListName) => [
  { target: 'forbes.com', limit: 1000 },
  ...RICH.map((target) => ({ ...allOf(name), target, limit: 1000 })),
];
/** A few runs may all find nothing. That most find something is expected of the many runs of `test:all`. */
const RUNS = tries(12);
/** A failure is made small for no longer than the test may take, so that it is shown. */
const OFTEN = { numRuns: RUNS, interruptAfterTimeLimit: 250_000, markInterruptAsFailure: true };
const AT_ONCE = 4;

/** All of them with `test:all`, and one in eight with each run of the tests: of most fields some, of each operator some. */
function chosen<T>(things: readonly T[]): T[] {
  return isThorough ? [...things] : spread(things).slice(0, Math.ceil(things.length / 8));
}

/** What a world may lack, so that fewer conditions divide it. */
interface Expectations {
  /** Which part of the conditions on items divides them, at least: of all, and of those that are chosen. */
  readonly items: { readonly all: number; readonly some: number };
  readonly links: number;
  /** Whether a few random filters let something through. */
  readonly isRich: boolean;
  /** Lists without items. */
  readonly empty: readonly ListName[];
  /** What is the same of every link. */
  readonly constant: readonly string[];
}

/** Whatever is asked of a server, it answers as the plain implementation does. */
export function answersAgree(server: Server, expected: Expectations): void {
  const full = LISTS.filter((name) => !expected.empty.includes(name));
  let world: World;
  let vocabularies: Vocabularies;
  let targets: Targets;
  let linkPlan: Plan;
  let linkNullPlan: Plan;
  beforeAll(async () => {
    world = await readWorld(server.graph);
    vocabularies = vocabulariesOf(world, RICH);
    targets = targetsIn(world, RICH);
    const part = linksPart(world, expected.constant);
    const bases = RICH.map((target) => ({ ...allOf('referring_domains'), target, limit: 1000 }));
    linkPlan = planOf(bases, part, chosen(everyOperator(part.names, part.known)));
    linkNullPlan = planOf(bases, part, chosen(everyNull(part.names)));
  });

  /** Asks the server, and gives how many items both answers have. */
  async function agree<N extends EndpointName>(name: N, task: Tasks[N]): Promise<number> {
    const plain = expectedAnswer(world, name, task);
    expect(comparable(await call(server, name, task)), JSON.stringify(task)).toStrictEqual(plain);
    const count = plain.tasks[0]?.result?.[0]?.items_count;
    return typeof count === 'number' ? count : 0;
  }

  async function agreeOnAll(name: ListName, tasks: readonly ListTask[]): Promise<void> {
    for (let i = 0; i < tasks.length; i += AT_ONCE) {
      await Promise.all(tasks.slice(i, i + AT_ONCE).map((task) => agree(name, task)));
    }
  }

  describe('any request is answered as the plain implementation answers it', () => {
    test.each(BULKS)('%s', async (name) => {
      const property = fc.asyncProperty(bulkTask(name, targets), async (task) => {
        expect(await agree(name, task)).toBeGreaterThan(0);
      });
      await fc.assert(property, OFTEN);
    });

    test.each(LISTS)('%s', async (name) => {
      let withItems = 0;
      const property = fc.asyncProperty(listTask(name, vocabularies, targets), async (task) => {
        if ((await agree(name, task)) > 0) withItems++;
      });
      await fc.assert(property, OFTEN);
      if (isThorough && expected.isRich) expect(withItems).toBeGreaterThan(Math.floor(RUNS / 20));
    });
  });

  describe('everything about a target at once', () => {
    test.each(endpointName.options.filter(isSingle))('%s', async (name) => {
      let withItems = 0;
      const property = fc.asyncProperty(singleTask(name, vocabularies, targets), async (task) => {
        const [result] = expectedAnswer(world, name, task).tasks[0]?.result ?? [];
        await agree(name, task);
        if (result !== undefined && (!('items' in result) || result.items !== null)) withItems++;
      });
      await fc.assert(property, OFTEN);
      if (isThorough) expect(withItems).toBeGreaterThan(Math.floor(RUNS / 20));
    });
  });

  test('any list of links is read to its end by its tokens', async () => {
    const tasks = listTask('backlinks', vocabularies, targets);
    const property = fc.asyncProperty(tasks, fc.integer({ min: 1, max: 40 }), async (one, steps) => {
      fc.pre(listResult(world, 'backlinks', one) !== null);
      const whole = metItems(world, 'backlinks', one).slice(one.offset ?? 0);
      const task = { ...one, limit: Math.max(1, Math.ceil(whole.length / steps)) };
      const seen: unknown[] = [];
      let page = await resultOf(server, 'backlinks', task);
      while (page.items !== null) {
        seen.push(...page.items);
        page = await resultOf(server, 'backlinks', { ...task, search_after_token: page.search_after_token });
      }
      expect(seen, JSON.stringify(task)).toEqual(whole);
    });
    await fc.assert(property, OFTEN);
  });

  describe('every field with every operator', () => {
    const items = (name: ListName) => itemsPart(world, name, basesOf(name));

    test.each(full)('%s: filters', async (name) => {
      const part = items(name);
      const { tasks, share } = planOf(
        basesOf(name),
        part,
        chosen(everyOperator(part.names, part.known, lackingIn(name))),
      );
      await agreeOnAll(name, tasks);
      // Of the chosen pairs a few more divide nothing than of all.
      expect(share).toBeGreaterThan(isThorough ? expected.items.all : expected.items.some);
    });

    test.each(full)('%s: a value is missing, or there', async (name) => {
      const part = items(name);
      await agreeOnAll(name, planOf(basesOf(name), part, chosen(everyNull(part.names))).tasks);
    });

    test.each(LINK_LISTS)('%s: backlinks_filters', async (name) => {
      const tasks = [...linkPlan.tasks, ...linkNullPlan.tasks];
      await agreeOnAll(
        name,
        tasks.filter((_, index) => LINK_LISTS[index % LINK_LISTS.length] === name),
      );
      expect(linkPlan.share).toBeGreaterThanOrEqual(expected.links);
    });

    test.each(full)('%s: order_by', async (name) => {
      const { names, known } = items(name);
      const sortable = names.filter((field) => !isListed(fieldOf(field, known).type));
      const rules = sortable.map((field, index) => `${field},${index % 2 === 0 ? 'desc' : 'asc'}`);
      const tasks = rules.map((rule) => ({ ...allOf(name), target: 'cnn.com', order_by: [rule], limit: 50 }));
      await agreeOnAll(name, chosen(tasks));
    });
  });
}
