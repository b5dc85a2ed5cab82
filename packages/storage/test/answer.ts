import type { AnswerHeader } from '../src/index.js';

export const job = { tenant: 'tenant', id: 'job_1' };
/** The header of an answer, for tests that do not depend on its values. */
export const header: AnswerHeader = {
  call: 7,
  attempt: 2,
  failures: 0,
  worker: 'w_1',
  sentAt: 1_790_000_000_000,
  answeredAt: 1_790_000_000_900,
  httpStatus: 200,
  statusCode: 20000,
  taskId: 'task',
  cost: 24_036_000,
  simulated: false,
  outcome: { kind: 'bulk', items: [0, -1, -2] },
};
