import { rm } from 'node:fs/promises';
import { nanosOf } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { requestFor } from '../../src/call/upstream-request.js';
import { planJob } from '../../src/plan/plan-job.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker } from '../test-worker.js';
import {
  answer,
  answerPages,
  COST,
  close,
  countsOf,
  DAMAGED,
  fileOf,
  LIST,
  meet,
  pageOf,
  runAgain,
  SPOILED,
  sendNext,
} from './damaged-answers.js';

describe('a retry of damaged rows keeps what they have cost', () => {
  test.each([
    ['changed in its body', 3 * COST],
    ['removed', 2 * COST],
  ])('of a list whose last page is %s, if the header tells', async (how, paid) => {
    const testWorker = await openTestWorker();
    const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
    const [, , last = expect.fail('no page')] = await answerPages(testWorker, job, [1000, 1000, 10]);
    await close(testWorker, job);
    await SPOILED[how]?.(fileOf(testWorker, job, last));
    await meet(testWorker, job, last);
    const [again] = await runAgain(testWorker, job);
    expect(again?.targets).toMatchObject([{ before: { items: 2000, cost: nanosOf(paid) } }]);
  });

  test('of a bulk call, each target its share, also if a run before had taken some', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com', 'b.com', 'c.com', 'd.com'])]);
    const sent = await sendNext(testWorker, job);
    await answer(sent, [{ target: 'a.com' }, { target: 'c.com' }, { target: 'd.com' }], services);
    await close(testWorker, job);
    const missing = { ...DAMAGED, codes: ['missing_in_answer'] } as const;
    expect(await services.jobSteps.retry(job, { by: 'me', choice: missing })).toMatchObject({ result: 'done' });
    await planJob(job, services);
    const second = await sendNext(testWorker, job);
    await answer(second, [{ target: 'b.com' }], services);
    await close(testWorker, job);
    await SPOILED['changed in its body']?.(fileOf(testWorker, job, sent));
    await meet(testWorker, job, { ...sent, planned: second.planned });
    const [third] = await runAgain(testWorker, job);
    const share = nanosOf(COST) / 4;
    expect(third?.targets.map(({ target, before }) => [target, before])).toEqual(
      ['a.com', 'c.com', 'd.com'].map((target) => [target, { items: 0, cost: share }]),
    );
  });
});

test('a retry begins again at a damaged page even if a later run had continued after it', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
  const first = await sendNext(testWorker, job);
  await answer(first, pageOf(first, 1000), services);
  const second = await sendNext(testWorker, job);
  await services.jobSteps.act(job, { action: 'cancel', by: 'me' });
  await answer(second, pageOf(second, 1000), services);
  await close(testWorker, job);
  const cancelled = { statuses: ['skipped'], codes: null, retryableOnly: true, buy: false } as const;
  expect(await services.jobSteps.retry(job, { by: 'me', choice: cancelled })).toMatchObject({ result: 'done' });
  await planJob(job, services);
  const third = await sendNext(testWorker, job);
  expect(requestFor({ ...third, items: 1000 })).toMatchObject({ offset: 2000 });
  await answer(third, pageOf(third, 10), services);
  await close(testWorker, job);
  expect((await countsOf(testWorker, job)).counts).toMatchObject({ ok: 1 });
  await rm(fileOf(testWorker, job, second));
  await meet(testWorker, job, { ...second, planned: third.planned });
  expect(await countsOf(testWorker, job)).toMatchObject({ outcome: 'none', counts: { ok: 0, failed: 1 } });
  const [again] = await runAgain(testWorker, job);
  if (again === undefined) return expect.fail('not sent again');
  expect(requestFor({ ...again, items: 1000 })).toMatchObject({ offset: 1000 });
  const { plan: shape } = (await services.source.job(job)) ?? expect.fail('no plan');
  const settled = await services.calls.settled(job, shape.later);
  expect([first, second, third].map(({ call }) => settled.isRetried(call))).toEqual([false, true, true]);
});
