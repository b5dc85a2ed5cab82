import type { CallRef } from '@linkhaul/jobs';
import type { RecordEntry } from '@linkhaul/schemas';
import { type AnswerHeader, type AnswerOutcome, keepAnswer, type PlannedTarget } from '@linkhaul/storage';
import { expect } from 'vitest';
import { momentOf as copyOfRedis } from '../../../../packages/jobs/test/moment.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { settleFrom, settleStored, wasteAnswer } from '../../src/settle/settle-stored.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

export const COST = 24_000_000;

export function targetsOf(count: number): PlannedTarget[] {
  return Array.from({ length: count }, (_, at) => ({
    target: `site-${at}.com`,
    kind: 'domain' as const,
    rows: [{ line: at + 1, input: `site-${at}.com`, id: null }] as const,
  }));
}

/** Copies what Redis holds. The returned function restores it, as another server unless nobody notices. */
export async function momentOf(testWorker: TestWorker): Promise<(how?: { noticed: boolean }) => Promise<void>> {
  const goBack = await copyOfRedis(testWorker);
  return async ({ noticed } = { noticed: true }) => {
    await goBack();
    if (noticed) await testWorker.redis.hset(testWorker.keys.permit('a'), 'run', 'another');
  };
}

export function headerOf(sent: SentAttempt, outcome: AnswerOutcome, taskId: string): AnswerHeader {
  const { call, attempt, failures, sentAt, nonce } = sent;
  const said = { httpStatus: 200, statusCode: 20000, taskId, nonce, cost: COST, simulated: false };
  return { call, attempt, failures, worker: 'w', sentAt, answeredAt: sentAt + 1, ...said, outcome };
}

export const allOf = (sent: SentAttempt) => ({ kind: 'bulk' as const, items: sent.targets.map((_, at) => at) });
export const DEFERRED = { kind: 'deferred' as const, countsAs: 'failure' as const, message: 'try again' };

export async function openJob(
  calls: readonly (readonly PlannedTarget[])[],
  endpoint: 'bulk_backlinks' | 'referring_domains',
) {
  const testWorker = await openTestWorker();
  const { services } = testWorker;
  const job = await testWorker.plan(calls, { endpoint });
  const planned = await services.source.job(job);
  if (planned === null) throw new Error('the job has no plan');
  /** True if the answer is stored as its attempt's. False if the attempt had one already: then only the cost counts. */
  const answer = async (sent: SentAttempt, outcome: AnswerOutcome, taskId: string): Promise<boolean> => {
    const stored = await keepAnswer(services.storage, job, {
      header: headerOf(sent, outcome, taskId),
      body: Buffer.from('{}'),
    });
    if (stored.kind === 'second') await wasteAnswer(sent, headerOf(sent, outcome, taskId), services);
    await settleStored(sent, planned, services);
    return stored.kind !== 'second';
  };
  const counts = async () => (await services.store.get(job))?.counts;
  const only = async () => {
    const [sent] = await testWorker.send(job);
    if (sent === undefined) throw new Error('nothing was sent');
    return sent;
  };
  /** Handles the next message of a call as a worker does. Null if the call is to be sent. */
  const ask = async (ref: CallRef) => {
    await services.dispatcher.announce(1000);
    await services.dispatcher.fill();
    const live = await services.calls.live(ref);
    const at = { ...ref, attempt: (live?.attempt ?? 0) + 1 };
    const money = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 1 }, tenantDaily: null };
    const grant = await services.permits.grant({ ...at, rows: 1, money }, services.stopping);
    expect(grant).toMatchObject({ granted: false, why: 'unchecked' });
    return settleFrom(at, planned, services);
  };
  return { testWorker, services, job, planned, answer, counts, only, ask };
}

/** The record entry of a call that was executed at once. */
export function entryOf(sent: SentAttempt, id: string): RecordEntry {
  const { tag, sentAt } = sent;
  return { id, tag, asked: null, endpoint: null, postedAt: sentAt, doneAt: sentAt + 1, cost: COST };
}
