import { z } from 'zod';
import { endOf, requireKey } from '../../middleware/end-with-key.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { waitMs } from '../parameters.js';
import { noSuchJob, ofJob } from './find-job.js';
import { jobAnswers } from './job-answers.js';
import { showJob } from './show-job.js';
import { waitUntilFinished } from './wait.js';

export const getJob = defineRoute({
  method: 'get',
  path: '/v1/jobs/:id',
  id: 'getJob',
  summary: 'Get a job',
  description: 'Its status, counts, cost and history. Fast for a job of any size.',
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob, query: z.object({ wait_ms: waitMs }) }),
  answers: jobAnswers,
  problems: ['not_found'],
  examples: [
    { title: 'A job', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 },
    {
      title: 'A job when it is finished, or as it is after 20 s',
      given: 'finished job',
      params: EXAMPLE_OF_JOB,
      query: { wait_ms: '20000' },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id }, query: { wait_ms: waitMs } }) => {
      const job = { tenant: c.get('tenant'), id };
      const record = await waitUntilFinished(job, { waitMs, services, signal: endOf(c) });
      requireKey(c);
      return c.json(await showJob(record, services));
    },
});
