import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { openSpace, planJob, spaceOn } from '../planning/space.js';
import { strangers } from '../redis/known-keys.js';
import { newPrefix } from '../redis.js';
import { Model, ROWS } from './model.js';
import { Run } from './model-run.js';
import { step } from './model-steps.js';

test('after any steps in any order, repeated or not, the ledger is what the model says, and the job can be drained', async () => {
  const { redis, subscriber } = await openSpace();
  await fc.assert(
    fc.asyncProperty(
      fc.record({ kind: fc.constantFrom('bulk', 'list'), roots: fc.integer({ min: 1, max: 5 }) }),
      fc.array(step, { minLength: 10, maxLength: 80, size: 'max' }),
      async ({ kind, roots }, steps) => {
        const space = spaceOn({ redis, subscriber, prefix: newPrefix(redis) });
        await space.permitsOf('first').firstBoot();
        const job = await planJob(space, { calls: roots, rows: ROWS });
        const run = new Run(space, job, new Model(kind, roots));
        for (const at of steps) await run.take(at);
        expect(await strangers(redis, space.keys.root)).toEqual([]);
        await run.drain();
      },
    ),
    { numRuns: tries(12), endOnFailure: true },
  );
});
