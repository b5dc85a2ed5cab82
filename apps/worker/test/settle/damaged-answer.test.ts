import { rm } from 'node:fs/promises';
import { nanosOf } from '@linkhaul/schemas';
import { paths } from '@linkhaul/storage';
import { describe, expect, test } from 'vitest';
import { requestFor } from '../../src/call/upstream-request.js';
import { planJob } from '../../src/plan/plan-job.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { entryOf, loseAnswer, COST as RECORDED, RESERVE } from '../look-up/record-upstream.js';
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

describe.each(Object.entries(SPOILED))('a page that is %s', (_, spoil) => {
  test('while the next page is in flight fails its row once, buys nothing more, and is bought again only if named', async () => {
    const testWorker = await openTestWorker();
    const { services } = testWorker;
    const job = await testWorker.plan([targetsNamed(['a.com']), targetsNamed(['b.com'])], LIST);
    const [a, b] = await testWorker.send(job);
    if (a === undefined || b === undefined) return expect.fail('not sent');
    await answer(b, pageOf(b, 3), services);
    await answer(a, pageOf(a, 1000), services);
    const second = await sendNext(testWorker, job);
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
    const [, secondPage = expect.fail('no second page')] = await answerPages(testWorker, job, [1000, 1000, 1000, 10]);
    await close(testWorker, job);
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
    const first = await sendNext(testWorker, job);
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
  const first = await sendNext(testWorker, job);
  await answer(first, pageOf(first, 1000), services);
  const second = await sendNext(testWorker, job);
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
  const sent = await sendNext(testWorker, job);
  const settle = () => Promise.reject(new Error('killed'));
  const dying = { ...services, ledger: { ...services.ledger, settle }, stopping: AbortSignal.abort() };
  await expect(answer(sent, [{ target: 'a.com' }, { target: 'b.com' }], dying)).rejects.toThrow('killed');
  await SPOILED['changed in its body']?.(fileOf(testWorker, job, sent));
  for (let time = 0; time < 2; time++) expect(await settleStored(sent, sent.planned, services)).toBe('settled');
  expect((await countsOf(testWorker, job)).counts).toMatchObject({ ok: 0, failed: 2, spent: nanosOf(COST), open: 0 });
});

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
