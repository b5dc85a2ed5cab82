import { type AnswerHeader, EMPTY_TARGET } from '@linkhaul/storage';
import { expect, test } from 'vitest';
import { describeJob } from '../../../../packages/jobs/test/accept-job.js';
import { rereadAnswer } from '../../src/retry/reread-answer.js';
import { targetsNamed } from '../planned-targets.js';

test('an answer that is understood later keeps its copies, and only what was asked for is looked for in it', async () => {
  const description = describeJob();
  const task = { id: 't', status_code: 20000, status_message: 'Ok.', cost: 0.1 };
  const result = [{ items: [{ target: 'bought.com', backlinks: 1 }] }];
  const body = Buffer.from(JSON.stringify({ status_code: 20000, tasks: [{ ...task, result }] }));
  const header: AnswerHeader = {
    call: 1,
    attempt: 1,
    failures: 0,
    worker: null,
    sentAt: 0,
    answeredAt: 0,
    httpStatus: 200,
    statusCode: 20000,
    taskId: 't',
    cost: 1,
    simulated: false,
    outcome: { kind: 'failed', code: 'answer_unreadable', message: '', itemsSoFar: 0, costSoFar: 1 },
    copied: { fetchedAt: [5, null, 6, 7], empty: [2], ownBytes: body.length },
  };
  const answer = { header, body: async () => body, copies: async () => null };
  const planned = { description, plan: { kind: 'bulk' as const, roots: 1, callsPerPart: 1 } };
  const targets = targetsNamed(['copied.com', 'bought.com', 'empty.com', 'copied.org']);
  const job = { tenant: description.tenant, id: description.id };
  const read = await rereadAnswer({ job, planned, answer, targets });
  // The copied items stand behind the one of the answer.
  expect(read?.outcome).toEqual({ kind: 'bulk', items: [1, 0, EMPTY_TARGET, 2] });
});
