import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settledAnswers } from '@linkhaul/jobs';
import { type JobRef, paths } from '@linkhaul/storage';
import { expect } from 'vitest';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { planJob } from '../../src/plan/plan-job.js';
import { settleAnswer } from '../../src/settle/store-answer.js';
import type { TestWorker } from '../test-worker.js';
import { judgedAnswer } from '../upstream-answer.js';

export const COST = 0.05;
export const LIST = { endpoint: 'domain_pages', max_items_per_target: 5000 } as const;

/** Settles an answer, a list page or the items of a bulk call, as a worker does. */
export async function answer(
  sent: SentAttempt,
  items: readonly object[],
  services: TestWorker['services'],
): Promise<void> {
  const json = {
    status_code: 20000,
    tasks: [
      { id: 't', status_code: 20000, status_message: 'Ok.', cost: COST, data: { tag: sent.tag }, result: [{ items }] },
    ],
  };
  await settleAnswer(sent, judgedAnswer(sent, json), { kind: 'answered' }, services);
}

export const pageOf = (sent: SentAttempt, items: number) =>
  Array.from({ length: items }, (_, at) => ({ page: `https://${sent.targets[0]?.target}/${sent.call}/${at}` }));

type Spoil = (path: string) => Promise<void>;

export const SPOILED: Record<string, Spoil> = {
  removed: (path) => rm(path),
  emptied: (path) => writeFile(path, ''),
  'cut in its header': async (path) => writeFile(path, (await readFile(path)).subarray(0, 40)),
  'changed in its body': async (path) => {
    const bytes = await readFile(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 15) ^ 1, bytes.length - 15);
    await writeFile(path, bytes);
  },
};

export const fileOf = ({ folder }: TestWorker, job: JobRef, { call, attempt }: { call: number; attempt: number }) =>
  join(folder, paths.answer(job, call, attempt));

export const countsOf = async ({ services }: TestWorker, job: JobRef) => {
  const record = (await services.store.get(job)) ?? expect.fail('no job');
  const { pending, ok, empty, failed, skipped, invalid, total } = record.counts;
  expect(pending + ok + empty + failed + skipped + invalid).toBe(total);
  return record;
};
export const DAMAGED = { statuses: ['failed'], codes: ['answer_damaged'], retryableOnly: true, buy: false } as const;

/** Reads the answer of a settled call, and so notices its damage. */
export async function meet(
  { services }: TestWorker,
  job: JobRef,
  { call, planned, targets }: SentAttempt,
): Promise<void> {
  const settled = await services.calls.settled(job, planned.plan.later);
  const answers = settledAnswers({ job, plan: planned.plan, settled, targetsOf: async () => targets }, services);
  expect(await answers.of(call)).toBeNull();
}

/** Closes the job, plans a further run of its damaged rows, and returns the calls that are sent. */
export async function runAgain({ services, ...testWorker }: TestWorker, job: JobRef): Promise<SentAttempt[]> {
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

/** Sends the next call, the only one that may be sent. */
export async function sendNext(testWorker: TestWorker, job: JobRef): Promise<SentAttempt> {
  const [sent, ...others] = await testWorker.send(job);
  expect(others).toEqual([]);
  return sent ?? expect.fail('nothing is sent');
}

/** Buys pages of a list's only target, with these numbers of items. */
export async function answerPages(
  testWorker: TestWorker,
  job: JobRef,
  pages: readonly number[],
): Promise<SentAttempt[]> {
  const all: SentAttempt[] = [];
  for (const items of pages) {
    const sent = await sendNext(testWorker, job);
    await answer(sent, pageOf(sent, items), testWorker.services);
    all.push(sent);
  }
  return all;
}

/** Closes a job of which nothing is open, so that it can be retried. */
export async function close({ services }: TestWorker, job: JobRef): Promise<void> {
  await services.jobSteps.finish(job);
  await services.store.retire(job);
}
