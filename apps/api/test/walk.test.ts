import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, ndjsonOf, pagesOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { inputOfBulk, inputOfLists, lineOf, startWalk, type Walked } from './walk-model.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const list = fc.record({
  pages: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
  fails: fc.boolean(),
});

interface Step {
  readonly kind: keyof typeof STEPS;
  readonly number: number;
}

const STEPS = {
  settle: (walk: Walked, number: number) => walk.settleAny(number),
  read: (walk: Walked, number: number) => walk.readOn(1 + (number % 4)),
  rows: (walk: Walked, number: number) => walk.checkRows(1 + (number % 4)),
  plan: (walk: Walked) => walk.plan(),
  cancel: (walk: Walked) => walk.worker.act('cancel'),
};

const stepOf = (kind: Step['kind']) => fc.record({ kind: fc.constant(kind), number: fc.nat() });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: stepOf('settle') },
  { weight: 4, arbitrary: stepOf('read') },
  { weight: 1, arbitrary: stepOf('rows') },
  { weight: 1, arbitrary: stepOf('plan') },
);

const lists = fc
  .tuple(fc.array(list, { minLength: 3, maxLength: 12 }), fc.integer({ min: 0, max: 2 }))
  .map(([all, invalid]) => inputOfLists(all, invalid));

const target = fc.record({
  bad: fc.integer({ min: 0, max: 4 }).map((die) => die === 0),
  refused: fc.integer({ min: 0, max: 19 }).map((die) => die === 0),
});

const bulk = fc
  .tuple(fc.array(target, { minLength: 2, maxLength: 24 }), fc.integer({ min: 1, max: 9 }))
  .map(([all, targetsPerCall]) => inputOfBulk(all, targetsPerCall));

const scenario = fc.record({
  input: fc.oneof(lists, bulk),
  plannedFirst: fc.integer({ min: 0, max: 9 }).map((die) => die > 0),
  steps: fc.array(step, { minLength: 15, maxLength: 40 }),
  cancelAt: fc.option(fc.nat({ max: 30 })),
});

/** Settles what is open, the last call first, until nothing is. */
async function settleAll(walk: Walked): Promise<void> {
  for (let sending = await walk.worker.send(); sending.length > 0; sending = await walk.worker.send()) {
    for (const call of sending.reverse()) await walk.settle(call);
    await walk.readOn(2);
  }
  await walk.worker.finish();
  expect(jobOf(await ask(walk.url)).finished_at).not.toBeNull();
}

describe('the walk through a job that runs', () => {
  it('gives each line exactly once, whatever settles between which pages', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ input, plannedFirst, steps, cancelAt }) => {
        const walk = await startWalk(service, input);
        if (plannedFirst) await walk.plan();
        const all = cancelAt === null ? steps : steps.toSpliced(cancelAt, 0, { kind: 'cancel', number: 0 });
        for (const { kind, number } of all) await STEPS[kind](walk, number);
        await walk.plan();
        await walk.checkRows(3);
        await settleAll(walk);
        while (!walk.done) await walk.readOn(3);

        const whole = await ndjsonOf(walk.url, 'results');
        expect(walk.read.toSorted()).toEqual(whole.toSorted());
        expect(new Set(whole).size).toBe(whole.length);
        expect(await pagesOf(walk.url, 'results', { limit: '1' })).toEqual(whole);
        expect(new Set(whole.map(lineOf))).toEqual(new Set(walk.everyLine));
        await walk.checkRows(1);
        await walk.checkCost();
      }),
      { numRuns: 40 },
    );
  }, 180_000);
});
