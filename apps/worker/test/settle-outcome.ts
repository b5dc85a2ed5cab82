import { type AnswerHeader, storeAnswer } from '@linkhaul/storage';
import type { SentAttempt } from '../src/call/sent-attempt.js';
import { settleHeader } from '../src/settle/settle-stored.js';
import type { TestWorker } from './test-worker.js';

interface TestAnswer extends Pick<AnswerHeader, 'outcome' | 'cost' | 'taskId'> {
  readonly json: unknown;
}

/** Stores an answer with a given outcome and settles its call, as a worker does. */
export async function settleOutcome(
  { services }: TestWorker,
  sent: SentAttempt,
  { json, ...said }: TestAnswer,
): Promise<void> {
  const header: AnswerHeader = {
    call: sent.call,
    attempt: sent.attempt,
    nonce: sent.nonce,
    failures: 0,
    worker: 'w',
    sentAt: sent.sentAt,
    answeredAt: 1,
    httpStatus: 200,
    statusCode: 20_000,
    simulated: true,
    ...said,
  };
  await storeAnswer(services.storage, sent.job, { header, body: Buffer.from(JSON.stringify(json)) });
  await settleHeader(sent, { header, planned: sent.planned, targets: sent.targets }, services);
}
