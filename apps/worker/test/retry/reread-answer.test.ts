import type { RetryChoice } from '@linkhaul/jobs';
import { type AnswerOutcome, readAnswer } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { planJob } from '../../src/plan/plan-job.js';
import { targetsNamed } from '../planned-targets.js';
import { settleOutcome } from '../settle-outcome.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const UNREADABLE: RetryChoice = {
  statuses: ['failed'],
  codes: ['answer_unreadable'],
  retryableOnly: true,
  buy: false,
};
const ALL: RetryChoice = { statuses: ['failed', 'skipped'], codes: null, retryableOnly: true, buy: false };

function failed(code: 'answer_unreadable' | 'upstream_error'): AnswerOutcome {
  return { kind: 'failed', code, message: '', itemsSoFar: 0, costSoFar: 7 };
}

/** Stores an answer as an older release judged it, and settles its call. */
function answer(testWorker: TestWorker, sent: SentAttempt, outcome: AnswerOutcome): Promise<void> {
  const target = sent.targets[0]?.target;
  const task = { status_code: 20_000, data: { tag: sent.tag }, result: [{ items: [{ target, backlinks: 1 }] }] };
  const json = { status_code: 20_000, tasks: [task] };
  return settleOutcome(testWorker, sent, { outcome, cost: 7, taskId: 't', json });
}

it('a run that never began keeps its call numbers, under which it stored answers that it could read now', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const { jobSteps, store, storage } = services;
  const job = await testWorker.plan([targetsNamed(['a.com']), targetsNamed(['b.com'])]);
  const [a, b] = (await testWorker.send(job)).sort((one, other) => one.call - other.call);
  if (a === undefined || b === undefined) throw new Error('not sent');
  await answer(testWorker, a, failed('answer_unreadable'));
  await answer(testWorker, b, failed('upstream_error'));
  const close = async () => {
    await jobSteps.finish(job);
    await store.retire(job);
  };

  await close();
  await jobSteps.retry(job, { by: 'me', choice: UNREADABLE });
  const cancelFirst: typeof jobSteps.plannedAgain = async (...further) => {
    await jobSteps.act(job, { action: 'cancel', by: 'me' });
    return jobSteps.plannedAgain(...further);
  };
  await planJob(job, { ...services, jobSteps: { ...jobSteps, plannedAgain: cancelFirst } });
  await close();

  await jobSteps.retry(job, { by: 'me', choice: ALL });
  await planJob(job, services);
  const sent = await testWorker.send(job);
  expect(sent.map(({ targets }) => targets.map(({ target }) => target))).toEqual([['b.com']]);
  for (const at of sent) expect(await readAnswer(storage, job, at)).toEqual({ kind: 'absent' });
});
