import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { actOnJob } from './act-on-job.js';
import { noSuchJob, ofJob } from './find-job.js';
import { jobAnswers } from './job-answers.js';

export const cancelJob = defineRoute({
  method: 'post',
  path: '/v1/jobs/:id/cancel',
  id: 'cancelJob',
  summary: 'Cancel a job',
  description:
    'Rows that were not sent are skipped at once; rows in flight stay pending until their answer is stored, and then the job is finished. Safe to repeat.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  answers: jobAnswers,
  problems: ['not_found', 'conflict'],
  examples: [{ title: 'Cancel', given: 'queued job', params: EXAMPLE_OF_JOB, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { id } }) =>
      c.json(await actOnJob({ tenant: c.get('tenant'), id }, { action: 'cancel', by: c.get('by') }, services)),
});
