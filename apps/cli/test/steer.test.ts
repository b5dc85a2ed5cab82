import { describe, it } from 'vitest';
import { sampleJob } from '../../../packages/client/test/service/samples.js';
import { checkExchange } from './service.js';

describe('pause, resume, cancel and retry', () => {
  it.each([
    [
      ['pause', 'job_1'],
      'POST /v1/jobs/job_1/pause',
      sampleJob({ status: 'paused', reason: 'user' }),
      'job_1  paused: user\n',
    ],
    [
      ['resume', 'job_1', '--max-cost', '2'],
      'POST /v1/jobs/job_1/resume {"max_cost_usd":2}',
      sampleJob(),
      'job_1  running\n',
    ],
    [['cancel', 'a/../b'], 'POST /v1/jobs/a/../b/cancel', sampleJob({ status: 'cancelled' }), 'job_1  cancelled\n'],
    [['retry', 'job_1'], 'POST /v1/jobs/job_1/retry {}', sampleJob(), 'job_1  running\n'],
    [
      ['retry', 'job_1', '--status', 'failed', '--codes', 'upstream_error,budget', '--all', '--max-cost', '9'],
      'POST /v1/jobs/job_1/retry {"status":["failed"],"codes":["upstream_error","budget"],"retryable_only":false,"max_cost_usd":9}',
      sampleJob(),
      'job_1  running\n',
    ],
  ])('%j', (...exchange) => checkExchange(exchange));
});
