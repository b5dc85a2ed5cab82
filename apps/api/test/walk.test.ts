import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { createStarter, type Service } from './service.js';
import { startWalk } from './walk-model.js';
import { bulk, checkWhole, lists, STEPS, settleAll, step } from './walk-steps.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const scenario = fc.record({
  input: fc.oneof(lists, bulk),
  plannedFirst: fc.integer({ min: 0, max: 9 }).map((die) => die > 0),
  steps: fc.array(step, { minLength: 15, maxLength: 40 }),
  cancelAt: fc.option(fc.nat({ max: 30 })),
});

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
        await checkWhole(walk);
      }),
      { numRuns: tries(6) },
    );
  });
});
