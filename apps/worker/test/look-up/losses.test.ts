import { type JobRef, storeAnswer } from '@linkhaul/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsAs, isLast } from '../../src/call/attempt-limits.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import type { Fate } from '../../src/look-up/attempt-fate.js';
import { planJob } from '../../src/plan/plan-job.js';
import { settleFrom } from '../../src/settle/settle-stored.js';
import { settleAnswer } from '../../src/settle/store-answer.js';
import type { TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';
import { COST, type Entry, entryOf, loseAnswer, RESERVE } from './record-upstream.js';

const OTHER = 'w_dead';
const free = { cost: 0, id: 'free' };

describe('a call without an answer is bought twice at most', () => {
  it('fails with the second answer that was paid for and lost', async () => {
    const { write, send, lookUp, counts, call, testWorker, job } = await loseAnswer();
    write([entryOf(await send())]);
    await lookUp();
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    write([entryOf(await send())]);
    await lookUp();
    expect(await counts()).toMatchObject({ failed: 10, spent: 2 * COST, wasted: 2 * COST, unconfirmed: 0 });
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ answer_lost: '10' });
    expect(await testWorker.services.jobSteps.finish(job)).toBe('completed');
  });

  it('fails with the second without a cost, its money unconfirmed', async () => {
    const { write, send, lookUp, counts, testWorker, job } = await loseAnswer();
    for (let time = 0; time < 2; time++) {
      write([{ ...entryOf(await send()), cost: 'much' }]);
      await lookUp();
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, wasted: 0, unconfirmed: 2 * RESERVE });
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ answer_lost: '10' });
  });

  it('fails as unconfirmed after it was blind twice', async () => {
    const { write, send, lookUp, counts, testWorker, job } = await loseAnswer({ maxMs: 0 });
    for (let time = 0; time < 2; time++) {
      await send();
      write(['x']);
      await lookUp();
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, unconfirmed: 2 * RESERVE });
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ unconfirmed: '10' });
  });

  it('is sent as often as any failing call if it costs nothing', async () => {
    const { write, send, lookUp, counts, call, testWorker, job } = await loseAnswer();
    for (let time = 1; time <= 5; time++) {
      write([{ ...entryOf(await send()), ...free }]);
      await lookUp();
      if (time < 5) expect(await call()).toMatchObject({ state: 'planned', failures: time, losses: 0 });
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, unconfirmed: 0 });
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ upstream_error: '10' });
  });

  it('does not count deaths of workers as losses until it runs alone: then two of them end it', async () => {
    const { write, send, lookUp, counts, call, testWorker, job } = await loseAnswer();
    for (let deaths = 1; deaths <= 3; deaths++) {
      write([entryOf(await send(OTHER))]);
      await lookUp();
      expect(await call()).toMatchObject({ state: 'planned', deaths, losses: 0 });
    }
    write([entryOf(await send(OTHER))]);
    await lookUp();
    expect(await call()).toMatchObject({ state: 'planned', deaths: 3, losses: 1 });
    write([entryOf(await send(OTHER))]);
    await lookUp();
    expect(await counts()).toMatchObject({ failed: 10, spent: 5 * COST, wasted: 5 * COST });
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ answer_lost: '10' });
  });

  it('takes a late answer to the first attempt', async () => {
    const { write, send, lookUp, counts, call, testWorker, job } = await loseAnswer();
    const first = await send();
    write([entryOf(first)]);
    await lookUp();
    const second = await send();
    // A suspended process resumes: its answer is stored while the next attempt is in flight.
    expect(await storeLate(first, testWorker)).toBe(true);
    write([entryOf(second)]);
    await lookUp();
    expect(await call()).toBeNull();
    expect(await counts()).toEqual({ ok: 10, failed: 0, unknown: 0, unconfirmed: 0, spent: 2 * COST, wasted: COST });
    expect(await testWorker.services.calls.settledAttempt({ job, call: 1 })).toBe(1);
  });

  it.each<[string, (sent: SentAttempt) => unknown, number]>([
    ['was not executed', () => null, COST],
    ['failed for nothing', (sent) => ({ ...entryOf(sent), ...free }), COST],
  ])('takes that answer rather than buy a third where the second %s', async (_, form, spent) => {
    const { write, send, lookUp, counts, call, testWorker, job } = await loseAnswer();
    const first = await send();
    write([{ ...entryOf(first), cost: 0 }]);
    await lookUp();
    const second = await send();
    await storeLate(first, testWorker);
    write([form(second)]);
    await lookUp();
    expect(await call()).toBeNull();
    expect(await counts()).toMatchObject({ ok: 10, failed: 0, unknown: 0, unconfirmed: 0, spent, wasted: 0 });
    expect(await testWorker.services.calls.settledAttempt({ job, call: 1 })).toBe(1);
  });

  it('is not bought again by /retry if its answer has come since', async () => {
    const { write, send, lookUp, counts, testWorker, job } = await loseAnswer();
    const first = await send();
    write([entryOf(first)]);
    await lookUp();
    write([entryOf(await send())]);
    await lookUp();
    expect(await counts()).toMatchObject({ failed: 10 });
    await storeLate(first, testWorker);
    expect(await retry(testWorker, job)).toBe('settled');
    expect(await counts()).toEqual({
      ok: 10,
      failed: 0,
      unknown: 0,
      unconfirmed: 0,
      spent: 2 * COST,
      wasted: 2 * COST,
    });
  });
});

describe('the answer to an attempt that was given up', () => {
  const unreadable = () => 'x';
  const withoutCost = (entry: Entry) => ({ ...entry, cost: 'much' });
  const paid = (entry: Entry) => entry;
  it.each([
    ['answer_lost', 'rebuy', 2, paid],
    ['answer_lost', 'rebuy', 2, withoutCost],
    ['unconfirmed', 'rebuy', 2, unreadable],
    ['unconfirmed', 'park', 1, unreadable],
  ] as const)('as %s under %s after %i sendings is what /retry takes, and ends the doubt', async (...how) => {
    const [code, policy, sendings, inRecord] = how;
    const { write, send, lookUp, counts, testWorker, job } = await loseAnswer({
      policy,
      ...(inRecord === unreadable && { maxMs: 0 }),
    });
    let last = await send();
    for (let time = 1; ; time++) {
      write([inRecord(entryOf(last))]);
      await lookUp();
      if (time === sendings) break;
      last = await send();
    }
    expect(await testWorker.redis.hgetall(testWorker.keys.codes(job))).toEqual({ [code]: '10' });
    const before = await counts();
    for (let time = 0; time < 2; time++) await comeLate(last, testWorker);
    const isCounted = inRecord === paid;
    expect(await counts()).toEqual({
      ...before,
      unconfirmed: before.unconfirmed - (isCounted ? 0 : RESERVE),
      spent: before.spent + (isCounted ? 0 : COST),
      wasted: before.wasted + (isCounted ? 0 : COST),
    });
    const { spent } = await counts();
    expect(await retry(testWorker, job)).toBe('settled');
    expect(await counts()).toMatchObject({ ok: 10, failed: 0, spent });
  });
});

/** Runs the failed rows of a job again, and returns the outcome of the one call before it is sent. */
async function retry({ services, redis, keys }: TestWorker, job: JobRef) {
  const { jobSteps, store, source, dispatcher } = services;
  await jobSteps.finish(job);
  await store.retire(job);
  const choice = { statuses: ['failed' as const], codes: null, retryableOnly: true, buy: false };
  expect(await jobSteps.retry(job, { by: 'me', choice })).toMatchObject({ result: 'done' });
  await planJob(job, services);
  const planned = await source.job(job);
  if (planned === null) throw new Error('the job has no plan');
  await dispatcher.fill();
  const [call = 0] = (await redis.smembers(keys.live(job))).map(Number);
  return settleFrom({ job, call, attempt: 1 }, planned, services);
}

/** A suspended process resumes with the answer to an attempt that is over. */
async function comeLate(sent: SentAttempt, { services }: TestWorker): Promise<void> {
  const json = { status_code: 20000, cost: COST / 1e9, tasks: [taskOf(sent)] };
  await settleAnswer(sent, judgedAnswer(sent, json, sent.sentAt + 1), { kind: 'answered' }, services);
}

function taskOf(sent: SentAttempt) {
  const items = sent.targets.map(({ target }) => ({ target, backlinks: 1 }));
  const result = [{ items_count: items.length, items }];
  return { id: entryOf(sent).id, status_code: 20000, cost: COST / 1e9, data: { tag: sent.tag }, result };
}

/** The whole answer to an attempt. */
async function storeLate(sent: SentAttempt, { services: { storage } }: TestWorker): Promise<boolean> {
  const { call, attempt, sentAt, targets, nonce } = sent;
  const task = taskOf(sent);
  const header = { call, attempt, nonce, failures: 0, worker: 'w', sentAt, answeredAt: sentAt + 1 };
  const outcome = { kind: 'bulk' as const, items: targets.map((_, at) => at) };
  const said = { httpStatus: 200, statusCode: 20000, taskId: task.id, cost: COST, simulated: false, outcome };
  const body = Buffer.from(JSON.stringify({ status_code: 20000, cost: COST / 1e9, tasks: [task] }));
  return storeAnswer(storage, sent.job, { header: { ...header, ...said }, body });
}

describe('what an attempt without an answer counts as', () => {
  const fate = fc.oneof(
    fc.record({ kind: fc.constant<Fate['kind']>('lost'), cost: fc.option(fc.nat()) }),
    fc.constant<Fate>({ kind: 'not_executed', cost: 0 }),
    fc.constant<Fate>({ kind: 'blind', cost: null }),
  );

  it('ends every call after two purchases at most, deaths beside other calls aside', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.tuple(fate, fc.boolean())), (stream) => {
        const tries = { failures: 0, losses: 0, deaths: 0 };
        let bought = 0;
        for (const [found, orphan] of stream) {
          const count = countsAs({ ...tries, orphan }, found);
          if (found.kind !== 'not_executed' && found.cost !== 0 && !(orphan && tries.deaths < 3)) bought++;
          if (isLast({ ...tries, orphan }, found)) break;
          tries[count]++;
        }
        expect(bought).toBeLessThanOrEqual(2);
        expect(tries.failures).toBeLessThan(5);
        expect(tries.deaths).toBeLessThan(20);
      }),
    );
  });
});
