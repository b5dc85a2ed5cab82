import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { createStarter, type Service } from './service.js';
import { startWalk, type Walked } from './walk-model.js';
import { bulk, checkWhole, lists, STEPS, type Step, settleAll, step } from './walk-steps.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

interface Run {
  readonly steps: readonly Step[];
  readonly cancelled: boolean;
}

const run: fc.Arbitrary<Run> = fc.record({ steps: fc.array(step, { maxLength: 8 }), cancelled: fc.boolean() });

const scenario = fc.record({
  input: fc.oneof(lists, bulk),
  plannedFirst: fc.integer({ min: 0, max: 4 }).map((die) => die > 0),
  first: run,
  retries: fc.array(run, { minLength: 1, maxLength: 3 }),
});

async function goThrough(walk: Walked, { steps, cancelled }: Run): Promise<void> {
  for (const { kind, number } of steps) if (kind !== 'plan') await STEPS[kind](walk, number);
  if (cancelled) await walk.worker.act('cancel');
  await walk.checkRows(3);
  await settleAll(walk);
  await checkWhole(walk);
}

describe('a job that is run again', () => {
  it('has one outcome a row, each line once and its whole cost, whenever it is cancelled', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ input, plannedFirst, first, retries }) => {
        const walk = await startWalk(service, input);
        if (plannedFirst || !first.cancelled) await walk.plan();
        await goThrough(walk, first);
        for (const again of retries) {
          if (!(await walk.retry())) break;
          // Until it is planned all is as it was.
          await walk.checkRows(2);
          await walk.readOn(2);
          await walk.planAgain();
          walk.beginAnew();
          await goThrough(walk, again);
        }
      }),
      { numRuns: tries(4), endOnFailure: true },
    );
  });
});
