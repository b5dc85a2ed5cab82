import { nanosOf } from '@linkhaul/schemas';
import { type PlannedTarget, readAnswer } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { actOnDecision } from '../../src/call/act-on-decision.js';
import type { JudgedReply, SentAttempt } from '../../src/call/sent-attempt.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

const MESSAGE = "40501 Invalid Field: 'targets'.";
const COST = 0.024;

function targetsOf(count: number, from: number): PlannedTarget[] {
  const names = Array.from({ length: count }, (_, at) => `d${from + at + 1}.com`);
  return targetsNamed(names, from + 1);
}

/** The upstream's answer to a call of which some targets are bad. */
function judge(sent: SentAttempt, bad: ReadonlySet<string>): JudgedReply {
  const isBad = sent.targets.some(({ target }) => bad.has(target));
  const items = sent.targets.map(({ target }) => ({ target }));
  const said = isBad
    ? { status_code: 40501, status_message: "Invalid Field: 'targets'.", cost: 0, result: null }
    : { status_code: 20000, status_message: 'Ok.', cost: COST, result: [{ items }] };
  const json = { status_code: 20000, tasks: [{ id: 't', data: { tag: sent.tag }, ...said }] };
  return judgedAnswer(sent, json);
}

async function answer(sent: SentAttempt, bad: ReadonlySet<string>, services: TestWorker['services']): Promise<void> {
  await actOnDecision(sent, judge(sent, bad), services);
}

/** Services whose process dies after it has stored the answer and before the ledger is settled. */
function dying(services: TestWorker['services']): TestWorker['services'] {
  const settle = async () => {
    throw new Error('killed');
  };
  return { ...services, ledger: { ...services.ledger, settle }, stopping: AbortSignal.abort() };
}

it('finds every bad row, whichever worker dies between storing and settling', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const scenario = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
    bad: fc.array(fc.nat(119), { maxLength: 6 }),
    deaths: fc.infiniteStream(fc.boolean()),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ sizes, bad: lines, deaths }) => {
      const plan = sizes.map((size, at) => targetsOf(size, at * 40));
      const names = plan.flat().map(({ target }) => target);
      const bad = new Set(names.filter((name) => lines.some((line) => name === `d${line + 1}.com`)));
      const job = await testWorker.plan(plan);
      let calls = 0;
      let answered = 0;
      for (let sent = await testWorker.send(job); sent.length > 0; sent = await testWorker.send(job)) {
        for (const one of sent) {
          calls++;
          if (!one.targets.some(({ target }) => bad.has(target))) answered++;
          if (deaths.next().value) {
            await expect(answer(one, bad, dying(services))).rejects.toThrow('killed');
            const planned = one.planned;
            expect(await settleStored(one, planned, services)).toBe('settled');
            expect(await settleStored(one, planned, services)).toBe('settled');
          } else await answer(one, bad, services);
        }
      }
      const record = await services.store.get(job);
      expect(record?.counts).toMatchObject({
        pending: 0,
        ok: names.length - bad.size,
        failed: bad.size,
        failed_calls: bad.size,
        done: calls - bad.size,
        planned: calls,
        open: 0,
        spent: answered * nanosOf(COST),
        wasted: 0,
      });
      expect(await services.jobSteps.finish(job)).toBe('completed');
    }),
    { numRuns: tries(5) },
  );
});

it('stores the answer of a split call with its cost and no rows, and never splits a call of one target', async () => {
  const { services, plan, send } = await openTestWorker();
  const job = await plan([targetsOf(2, 0)]);
  const bad = new Set(['d1.com', 'd2.com']);
  const [whole] = await send(job);
  if (whole === undefined) throw new Error('nothing was sent');
  await answer(whole, bad, services);
  const stored = await readAnswer(services.storage, job, whole);
  expect(stored).toMatchObject({
    kind: 'there',
    answer: { header: { statusCode: 40501, cost: 0, outcome: { kind: 'split', message: MESSAGE } } },
  });
  const halves = await send(job);
  expect(halves.map(({ call, targets }) => [call, targets.map(({ target }) => target)]).sort()).toEqual([
    [2, ['d1.com']],
    [3, ['d2.com']],
  ]);
  for (const half of halves) {
    await answer(half, bad, services);
    expect(await readAnswer(services.storage, job, half)).toMatchObject({
      answer: { header: { outcome: { kind: 'failed', code: 'upstream_rejected', message: MESSAGE } } },
    });
  }
});
