import { nanosOf, resumption } from '@linkhaul/schemas';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { actOnJob } from './act-on-job.js';
import { noSuchJob, ofJob } from './find-job.js';
import { jobAnswers } from './job-answers.js';

export const resumeJob = defineRoute({
  method: 'post',
  path: '/v1/jobs/:id/resume',
  id: 'resumeJob',
  summary: 'Resume a job, or give it another budget',
  description:
    'Safe to repeat. A running job also takes a new budget; 422 if it does not pay for what is spent and reserved and for one more call. A job with `start: manual` that is resumed before it is planned runs as soon as it is planned. Resuming a job after its deadline removes the deadline.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob, body: resumption }),
  answers: jobAnswers,
  problems: ['not_found', 'conflict', 'budget_too_low'],
  examples: [
    {
      title: 'Resume with a budget of $20',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      body: { type: 'application/json', content: { max_cost_usd: 20 } },
      status: 200,
    },
    { title: 'A finished job cannot be resumed', given: 'finished job', params: EXAMPLE_OF_JOB, status: 409 },
  ],
  serve:
    (services) =>
    async (c, { params: { id }, body: { max_cost_usd: maxCost } }) => {
      const budget = maxCost === undefined ? {} : { budget: nanosOf(maxCost) };
      const job = { tenant: c.get('tenant'), id };
      return c.json(await actOnJob(job, { action: 'resume', by: c.get('by'), ...budget }, services));
    },
});
