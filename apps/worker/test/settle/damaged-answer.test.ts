import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settledAnswers } from '@linkhaul/jobs';
import { nanosOf } from '@linkhaul/schemas';
import { type JobRef, paths } from '@linkhaul/storage';
import { describe, expect, test } from 'vitest';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { requestFor } from '../../src/call/upstream-request.js';
import { planJob } from '../../src/plan/plan-job.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { settleAnswer } from '../../src/settle/store-answer.js';
import { entryOf, loseAnswer, COST as RECORDED, RESERVE } from '../look-up/record-upstream.js';
import { targetsNamed } from '../planned-targets.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

const COST = 0.05;
const LIST = { endpoint: 'domain_pages', max_items_per_target: 5000 } as const;

/** Settles an answer, a list page or the items of a bulk call, as a worker does. */
async function answer(sent: SentAttempt, items: readonly object[], services: TestWorker['services']): Promise<void> {
  const json = {
    status_code: 20000,
    tasks: [
      { id: 't', status_code: 20000, status_message: 'Ok.', cost: COST, data: { tag: sent.tag }, result: [{ items }] },
    ],
  };
  await settleAnswer(sent, judgedAnswer(sent, json), { kind: 'answered' }, services);
}

const pageOf = (sent: SentAttempt, items: number) =>
  Array.from({ length: items }, (_, at) => ({ page: `https://${sent.targets[0]?.target}/${sent.call}/${at}` }));

type Spoil = (path: string) => Promise<void>;

const SPOILED: Record<string, Spoil> = {
  removed: (path) => rm(path),
  emptied: (path) => writeFile(path, ''),
  'cut in its header': async (path) => writeFile(path, (await readFile(path)).subarray(0, 40)),
  'changed in its body': async (path) => {
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 15) ^ 1, bytes.length - 15);
    await writeFile(path, bytes);
  },
};

const fileOf = ({ folder }: TestWorker, job: JobRef, { call, attempt }: { call: number; attempt: number }) =>
  join(folder, paths.answer(job, call, attempt));

const countsOf = async ({ services }: TestWorker, job: JobRef) => {
  const record = (await services.store.get(job)) ?? expect.fail('no job');
  const { pending, ok, empty, failed, skipped, invalid, total } = record.counts;
  expect(pending + ok + empty + failed + skipped + invalid).toBe(total);
  return record;
};

describe.each(Object.entries(SPOILED))('a page that is %s', (_, spoil) => {
  test('while the next page is in flight fails its row once, buys nothing more, and is bought again only if named', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com']), targetsNamed(['b.com'])], LIST);
    const [a, b] = await testWorker.send(job);
    if (a === undefined || b === undefined) return expect.fail('not sent');
    await answer(b, pageOf(b, 3), services);
    await answer(a, pageOf(a, 1000), services);
    const [second] = await testWorker.send(job);
    if (second === undefined) return expect.fail('no second page');
    await spoil(fileOf(testWorker, job, a));
    await answer(second, pageOf(second, 1000), services);

    expect(await testWorker.send(job)).toEqual([]);
    expect((await countsOf(testWorker, job)).counts).toMatchObject({
      pending: 0,
      ok: 1,
      failed: 1,
      open: 0,
      spent: 3 * nanosOf(COST),
      wasted: 0,
      unconfirmed: 0,
    });
    expect(await services.jobSteps.finish(job)).toBe('completed');
    expect(await countsOf(testWorker, job)).toMatchObject({ outcome: 'partial' });
    expect(await services.ledger.settle(second, SETTLED)).toMatchObject({ result: 'repeated' });

    const [again, ...others] = await runAgain(testWorker, job);
    expect(others).toEqual([]);
    if (again === undefined) return expect.fail('not sent again');
    expect(requestFor({ ...again, items: 1000 })).toMatchObject({ target: 'a.com', offset: 0 });
    await answer(again, pageOf(again, 7), services);
    expect((await countsOf(testWorker, job)).counts).toMatchObject({ ok: 2, failed: 0, spent: 4 * nanosOf(COST) });
  });

  test('of a finished list is where a retry begins again', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
    const pages: SentAttempt[] = [];
    for (const items of [1000, 1000, 1000, 10]) {
      const [sent] = await testWorker.send(job);
      if (sent === undefined) return expect.fail('not sent');
      pages.push(sent);
      await answer(sent, pageOf(sent, items), services);
    }
    await services.jobSteps.finish(job);
    await services.store.retire(job);
    const [, secondPage] = pages;
    if (secondPage === undefined) return expect.fail('no second page');
    await spoil(fileOf(testWorker, job, secondPage));
    // The damage is noticed when the answer is read.
    expect(await services.jobSteps.retry(job, { by: 'me', choice: DAMAGED })).toMatchObject({ result: 'nothing' });
    await meet(testWorker, job, secondPage);
    expect(await countsOf(testWorker, job)).toMatchObject({
      outcome: 'none',
      counts: { ok: 0, failed: 1, damaged: 1 },
    });
    const [again] = await runAgain(testWorker, job);
    expect(requestFor({ ...(again ?? expect.fail('not sent again')), items: 1000 })).toMatchObject({ offset: 1000 });
  });

  test('before the next page is sent keeps that page from being sent', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
    const [first] = await testWorker.send(job);
    if (first === undefined) return expect.fail('not sent');
    await answer(first, pageOf(first, 1000), services);
    await spoil(fileOf(testWorker, job, first));
    await meet(testWorker, job, first);
    expect(await testWorker.send(job)).toEqual([]);
    expect((await countsOf(testWorker, job)).counts).toMatchObject({
      pending: 0,
      failed: 1,
      open: 0,
      spent: nanosOf(COST),
    });
    expect(await services.jobSteps.finish(job)).toBe('completed');
    const [again] = await runAgain(testWorker, job);
    expect(requestFor({ ...(again ?? expect.fail('not sent again')), items: 1000 })).toMatchObject({ offset: 0 });
  });
});

test('a page without an answer is not sent again if the page before it is damaged', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
  const [first] = await testWorker.send(job);
  if (first === undefined) return expect.fail('not sent');
  await answer(first, pageOf(first, 1000), services);
  const [second] = await testWorker.send(job);
  if (second === undefined) return expect.fail('no second page');
  await rm(fileOf(testWorker, job, first));
  await meet(testWorker, job, first);
  expect((await countsOf(testWorker, job)).counts).toMatchObject({ pending: 1, failed: 0 });
  await services.ledger.defer(second, { cost: 0, sentAt: second.sentAt, delayMs: 0, countsAs: 'failure' });
  expect(await testWorker.send(job)).toEqual([]);
  expect((await countsOf(testWorker, job)).counts).toMatchObject({ pending: 0, failed: 1, open: 0 });
});

test('a stored answer with a broken body is settled from its header, once', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await testWorker.plan([targetsNamed(['a.com', 'b.com'])]);
  const [sent] = await testWorker.send(job);
  if (sent === undefined) return expect.fail('not sent');
  const settle = () => Promise.reject(new Error('killed'));
  const dying = { ...services, ledger: { ...services.ledger, settle }, stopping: AbortSignal.abort() };
  await expect(answer(sent, [{ target: 'a.com' }, { target: 'b.com' }], dying)).rejects.toThrow('killed');
  await SPOILED['changed in its body']?.(fileOf(testWorker, job, sent));
  for (let time = 0; time < 2; time++) expect(await settleStored(sent, sent.planned, services)).toBe('settled');
  expect((await countsOf(testWorker, job)).counts).toMatchObject({ ok: 0, failed: 2, spent: nanosOf(COST), open: 0 });
});

const DAMAGED = { statuses: ['failed'], codes: ['answer_damaged'], retryableOnly: true, buy: false } as const;

const SETTLED = {
  verdict: 'stored',
  ok: 1,
  empty: 0,
  failed: 0,
  failedCode: 'missing_in_answer',
  items: 1000,
  cost: nanosOf(COST),
  sentAt: 1,
  followers: [],
  simulated: true,
  keepUnconfirmed: false,
} as const;

/** Reads the answer of a settled call, and so notices its damage. */
async function meet({ services }: TestWorker, job: JobRef, { call, planned, targets }: SentAttempt): Promise<void> {
  const settled = await services.calls.settled(job, planned.plan.later);
  const answers = settledAnswers({ job, plan: planned.plan, settled, targetsOf: async () => targets }, services);
  expect(await answers.of(call)).toBeNull();
}

/** Closes the job, plans a further run of its damaged rows, and returns the calls that are sent. */
async function runAgain({ services, ...testWorker }: TestWorker, job: JobRef): Promise<SentAttempt[]> {
  const { jobSteps, store } = services;
  await jobSteps.finish(job);
  await store.retire(job);
  expect(await jobSteps.retry(job, { by: 'me', choice: { ...DAMAGED, codes: null } })).toMatchObject({
    result: 'nothing',
  });
  expect(await jobSteps.retry(job, { by: 'me', choice: DAMAGED })).toMatchObject({ result: 'done' });
  await planJob(job, services);
  return testWorker.send(job);
}

describe('a retry of damaged rows keeps what they have cost', () => {
  test.each([
    ['changed in its body', 3 * COST],
    ['removed', 2 * COST],
  ])('of a list whose last page is %s, if the header tells', async (how, paid) => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
    let last: SentAttempt | undefined;
    for (const items of [1000, 1000, 10]) {
      [last] = await testWorker.send(job);
      if (last === undefined) return expect.fail('not sent');
      await answer(last, pageOf(last, items), services);
    }
    await services.jobSteps.finish(job);
    await services.store.retire(job);
    if (last === undefined) return expect.fail('no page');
    await SPOILED[how]?.(fileOf(testWorker, job, last));
    await meet(testWorker, job, last);
    const [again] = await runAgain(testWorker, job);
    expect(again?.targets).toMatchObject([{ before: { items: 2000, cost: nanosOf(paid) } }]);
  });

  test('of a bulk call, each target its share, also if a run before had taken some', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com', 'b.com', 'c.com', 'd.com'])]);
    const [sent] = await testWorker.send(job);
    if (sent === undefined) return expect.fail('not sent');
    await answer(sent, [{ target: 'a.com' }, { target: 'c.com' }, { target: 'd.com' }], services);
    await services.jobSteps.finish(job);
    await services.store.retire(job);
    const missing = { ...DAMAGED, codes: ['missing_in_answer'] } as const;
    expect(await services.jobSteps.retry(job, { by: 'me', choice: missing })).toMatchObject({ result: 'done' });
    await planJob(job, services);
    const [second] = await testWorker.send(job);
    if (second === undefined) return expect.fail('not sent again');
    await answer(second, [{ target: 'b.com' }], services);
    await services.jobSteps.finish(job);
    await services.store.retire(job);
    await SPOILED['changed in its body']?.(fileOf(testWorker, job, sent));
    await meet(testWorker, job, { ...sent, planned: second.planned });
    const [third] = await runAgain(testWorker, job);
    const share = nanosOf(COST) / 4;
    expect(third?.targets.map(({ target, before }) => [target, before])).toEqual(
      ['a.com', 'c.com', 'd.com'].map((target) => [target, { items: 0, cost: share }]),
    );
  });
});

describe('a stored answer of which nothing can be read, and which was not settled,', () => {
  /** The call is unknown: its worker died between storing and settling. */
  const broken = async (times?: { maxMs: number }) => {
    const lost = await loseAnswer(times);
    const sent = await lost.send();
    const { storage } = lost.testWorker.services;
    await storage.create(paths.answer(lost.job, sent.call, sent.attempt), Buffer.from('{"sum":"'));
    return { ...lost, sent, codes: () => lost.testWorker.redis.hgetall(lost.testWorker.keys.codes(lost.job)) };
  };

  test('is paid for once, by the upstream’s record, and never bought again', async () => {
    const { write, lookUp, counts, codes, call, sent, testWorker, job } = await broken();
    write([entryOf(sent)]);
    await lookUp();
    expect(await call()).toBeNull();
    expect(await counts()).toMatchObject({ failed: 10, spent: RECORDED, wasted: RECORDED, unconfirmed: 0 });
    expect(await codes()).toEqual({ answer_damaged: '10' });
    await lookUp();
    expect(await testWorker.services.jobSteps.finish(job)).toBe('completed');
    await testWorker.services.store.retire(job);
    // Reading it again changes nothing.
    const settled = await testWorker.services.calls.settled(job);
    expect(settled.isDamaged(sent.call)).toBe(true);
    expect(await testWorker.services.jobSteps.retry(job, { by: 'me', choice: DAMAGED })).toMatchObject({
      result: 'done',
    });
    await planJob(job, testWorker.services);
    expect((await testWorker.send(job)).flatMap(({ targets }) => targets)).toHaveLength(10);
  });

  test('stays unconfirmed if nothing can tell what it cost', async () => {
    const { write, lookUp, counts, codes, call } = await broken({ maxMs: 0 });
    write(['x']);
    await lookUp();
    expect(await call()).toBeNull();
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, unconfirmed: RESERVE });
    expect(await codes()).toEqual({ answer_damaged: '10' });
  });
});

test('a retry begins again at a damaged page even if a later run had continued after it', async () => {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await testWorker.plan([targetsNamed(['a.com'])], LIST);
  const [first] = await testWorker.send(job);
  if (first === undefined) return expect.fail('not sent');
  await answer(first, pageOf(first, 1000), services);
  const [second] = await testWorker.send(job);
  if (second === undefined) return expect.fail('no second page');
  await services.jobSteps.act(job, { action: 'cancel', by: 'me' });
  await answer(second, pageOf(second, 1000), services);
  await services.jobSteps.finish(job);
  await services.store.retire(job);
  const cancelled = { statuses: ['skipped'], codes: null, retryableOnly: true, buy: false } as const;
  expect(await services.jobSteps.retry(job, { by: 'me', choice: cancelled })).toMatchObject({ result: 'done' });
  await planJob(job, services);
  const [third] = await testWorker.send(job);
  if (third === undefined) return expect.fail('no third page');
  expect(requestFor({ ...third, items: 1000 })).toMatchObject({ offset: 2000 });
  await answer(third, pageOf(third, 10), services);
  await services.jobSteps.finish(job);
  await services.store.retire(job);
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
