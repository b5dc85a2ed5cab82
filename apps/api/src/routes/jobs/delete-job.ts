import type { JobRef } from '@linkhaul/storage';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { EXAMPLE_OF_JOB } from '../examples.js';
import { noJob, noSuchJob, ofJob } from './find-job.js';
import { whenClosed } from './when-closed.js';

export const deleteJob = defineRoute({
  method: 'delete',
  path: '/v1/jobs/:id',
  id: 'deleteJob',
  summary: 'Delete a job',
  description: 'A finished job is removed at once, with its rows and results. Its cost stays in the usage.',
  access: 'tenant',
  scope: 'submit',
  noSuch: noSuchJob,
  request: NO_INPUT.extend({ params: ofJob }),
  answers: { 204: { description: 'The job is deleted.', contents: {} } },
  problems: ['not_found', 'conflict'],
  examples: [
    { title: 'Delete', given: 'finished job', params: EXAMPLE_OF_JOB, status: 204 },
    {
      title: 'A job that is not finished must be cancelled first',
      given: 'queued job',
      params: EXAMPLE_OF_JOB,
      status: 409,
    },
  ],
  serve:
    (services) =>
    async (c, { params: { id } }) => {
      await remove({ tenant: c.get('tenant'), id }, services);
      return c.body(null, 204);
    },
});

async function remove(job: JobRef, { removals, snapshots }: Services): Promise<void> {
  const { result, status } = await whenClosed(() => removals.remove(job));
  if (result === 'gone') throw noJob(job.id);
  if (result === 'refused') {
    const first = status === 'cancelled' ? 'wait until its rows in flight have their answer' : 'cancel it first';
    throw new ApiProblem('conflict', `A ${status} job that is not finished cannot be deleted: ${first}.`);
  }
  await snapshots.keepJob(job);
}
