import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { actOnJob } from './act-on-job.js';
import { noSuchJob, ofJob } from './find-job.js';
import { jobAnswers } from './job-answers.js';

export const pauseJob = defineRoute({
  method: 'post',
  path: '/v1/jobs/:id/pause',
  id: 'pauseJob',
  summary: 'Pause a job',
  description: 'No further call is sent; calls in flight are finished. Safe to repeat.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  answers: jobAnswers,
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Pause', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { id } }) =>
      c.json(
        await actOnJob({ tenant: c.get('tenant'), id }, { action: 'pause', by: c.get('by'), reason: 'user' }, services),
      ),
});
