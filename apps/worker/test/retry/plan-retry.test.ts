import type { RetryChoice } from '@linkhaul/jobs';
import type { AnswerOutcome, JobRef } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { requestFor } from '../../src/call/upstream-request.js';
import { planJob } from '../../src/plan/plan-job.js';
import { settleFrom } from '../../src/settle/settle-stored.js';
import { targetsNamed } from '../planned-targets.js';
import { settleOutcome } from '../settle-outcome.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

const ALL: RetryChoice = { statuses: ['failed', 'skipped'], codes: null, retryableOnly: true, buy: false };
const COST = 24_000_001;

/** Stores an answer and settles its call, as a worker does. */
function answer(testWorker: TestWorker, sent: SentAttempt, outcome: AnswerOutcome): Promise<void> {
  const { targets, tag } = sent;
  const items = targets.map(({ target }) => ({ target, page: target }));
  const task = { status_code: 20_000, cost: COST / 1e9, data: { tag }, result: [{ items }] };
  const json = { status_code: 20_000, tasks: [task] };
  return settleOutcome(testWorker, sent, { outcome, cost: COST, taskId: null, json });
}

/** Closes the job, plans a further run, and returns the calls that are sent. */
async function runAgain(testWorker: TestWorker, job: JobRef, choice: RetryChoice = ALL): Promise<SentAttempt[]> {
  const { jobSteps, store } = testWorker.services;
  await jobSteps.finish(job);
  await store.retire(job);
  expect(await jobSteps.retry(job, { by: 'me', choice })).toMatchObject({ result: 'done' });
  await planJob(job, testWorker.services);
  return testWorker.send(job);
}

const failed = (
  code: 'upstream_error' | 'upstream_rejected' | 'answer_unreadable',
  soFar = { itemsSoFar: 0, costSoFar: COST },
): AnswerOutcome => ({
  kind: 'failed',
  code,
  message: '',
  ...soFar,
});

const page = (items: number, ends: boolean, itemsSoFar = items): AnswerOutcome => ({
  kind: 'list',
  offset: 0,
  items,
  totalCount: null,
  itemsSoFar,
  costSoFar: COST,
  status: ends ? 'ok' : null,
  truncated: null,
});

test('a list continues at the page that failed, with call numbers above all earlier ones', async () => {
  const testWorker = await openTestWorker();
  const calls = ['a.com', 'b.com', 'c.com'].map((name) => targetsNamed([name]));
  const job = await testWorker.plan(calls, { endpoint: 'domain_pages', max_items_per_target: 2500 });
  const [a, b, c] = await testWorker.send(job);
  if (!a || !b || !c) throw new Error('not sent');
  await answer(testWorker, a, page(5, true));
  await answer(testWorker, b, page(1000, false));
  await answer(testWorker, c, failed('upstream_rejected'));
  const [second] = await testWorker.send(job);
  if (second === undefined) throw new Error('no second page');
  await answer(testWorker, second, failed('upstream_error', { itemsSoFar: 1000, costSoFar: 2 * COST }));

  const again = await runAgain(testWorker, job);
  expect(again.map(({ targets }) => targets)).toMatchObject([
    [{ target: 'b.com', before: { items: 1000, cost: 2 * COST } }],
  ]);
  const [sent] = again;
  if (sent === undefined) throw new Error('nothing was sent');
  expect(sent.call).toBeGreaterThan(second.call);
  expect(requestFor({ ...sent, items: 1000 })).toMatchObject({ target: 'b.com', offset: 1000 });
  expect(await testWorker.services.store.get(job)).toMatchObject({ run: 2, counts: { pending: 1, failed: 1, ok: 1 } });
  await answer(testWorker, sent, page(1000, false, 2000));
  const [last] = await testWorker.send(job);
  if (last === undefined) throw new Error('no last page');
  expect(requestFor({ ...last, items: 500 })).toMatchObject({ offset: 2000 });
});

test('targets that an answer left out are packed again; a message of the earlier run does nothing', async () => {
  const testWorker = await openTestWorker();
  const job = await testWorker.plan([targetsNamed(['a.com', 'b.com', 'c.com'])]);
  const [sent] = await testWorker.send(job);
  if (sent === undefined) throw new Error('not sent');
  await answer(testWorker, sent, { kind: 'bulk', items: [0, -2, -2] });
  const again = await runAgain(testWorker, job, { ...ALL, codes: ['missing_in_answer'] });
  expect(again[0]?.targets.map(({ target, before }) => [target, before?.cost])).toEqual([
    ['b.com', 8_000_000],
    ['c.com', 8_000_001],
  ]);
  expect(await testWorker.services.ledger.settle(sent, settled)).toMatchObject({ result: 'repeated' });
  // A message that BullMQ delivers again plans nothing twice.
  const before = await testWorker.services.store.get(job);
  await planJob(job, testWorker.services);
  expect(await testWorker.services.store.get(job)).toEqual(before);
  const [second] = again;
  if (second === undefined) throw new Error('nothing was sent');
  await answer(testWorker, second, { kind: 'bulk', items: [0, -2] });
  const third = await runAgain(testWorker, job);
  // The cost of both earlier runs.
  expect(third[0]?.targets).toMatchObject([{ target: 'c.com', before: { cost: 8_000_001 + 12_000_001 } }]);
});

const settled = {
  verdict: 'stored',
  ok: 1,
  empty: 0,
  failed: 2,
  failedCode: 'missing_in_answer',
  items: 1,
  cost: COST,
  sentAt: 1,
  followers: [],
  simulated: true,
  keepUnconfirmed: false,
} as const;

test.each(['bulk_backlinks', 'domain_pages'] as const)(
  'kept answers of %s that a cancelled run had not settled are settled by the next one, and not bought',
  async (endpoint) => {
    const testWorker = await openTestWorker();
    const { jobSteps, source, store } = testWorker.services;
    const job = await testWorker.plan([targetsNamed(['a.com']), targetsNamed(['b.com'])], { endpoint });
    for (const sent of await testWorker.send(job)) await answer(testWorker, sent, failed('answer_unreadable'));
    /** The outcome of the stored answer of the first open call. */
    const settleFirst = async () => {
      const planned = (await source.job(job)) ?? expect.fail('no plan');
      const [call = 0] = (await testWorker.redis.smembers(testWorker.keys.live(job))).map(Number).sort((a, b) => a - b);
      return settleFrom({ job, call, attempt: 1 }, planned, testWorker.services);
    };
    const counts = async () => (await store.get(job))?.counts;

    expect(await runAgain(testWorker, job, { ...ALL, codes: ['answer_unreadable'] })).toEqual([]);
    expect(await settleFirst()).toBe('settled');
    await jobSteps.act(job, { action: 'cancel', by: 'me' });
    expect(await counts()).toMatchObject({ ok: 1, skipped: 1, open: 0, spent: 2 * COST });

    expect(await runAgain(testWorker, job)).toEqual([]);
    expect(await counts()).toMatchObject({ ok: 1, pending: 1, open: 1 });
    expect(await settleFirst()).toBe('settled');
    expect(await counts()).toMatchObject({ ok: 2, pending: 0, skipped: 0, open: 0, spent: 2 * COST });
  },
);

test('a retry that finds no chosen row, in a job without counts by code, closes the job unchanged', async () => {
  const testWorker = await openTestWorker();
  const job = await testWorker.plan([targetsNamed(['a.com']), targetsNamed(['b.com'])]);
  const [sent, waiting] = await testWorker.send(job);
  if (sent === undefined || waiting === undefined) throw new Error('not sent');
  await testWorker.services.ledger.defer(waiting, { cost: 0, sentAt: 1, delayMs: 60_000, countsAs: 'nothing' });
  await testWorker.services.jobSteps.act(job, { action: 'cancel', by: 'me' });
  await answer(testWorker, sent, failed('upstream_rejected'));
  const skipped = (await testWorker.services.store.get(job))?.counts.skipped;
  await testWorker.services.jobSteps.finish(job);
  await testWorker.services.store.retire(job);
  const unconfirmed = { by: 'me', choice: { ...ALL, codes: ['unconfirmed'] } };
  expect(await testWorker.services.jobSteps.retry(job, unconfirmed)).toMatchObject({ result: 'nothing' });
  // As in a job of an earlier version.
  await testWorker.redis.del(testWorker.keys.codes(job));
  expect(await runAgain(testWorker, job, unconfirmed.choice)).toEqual([]);
  await testWorker.services.jobSteps.finish(job);
  expect(await testWorker.services.store.get(job)).toMatchObject({
    status: 'cancelled',
    run: 2,
    retry: null,
    counts: { skipped, failed: 1, pending: 0 },
  });
});
