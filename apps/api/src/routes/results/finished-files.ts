import type { JobRecord } from '@linkhaul/jobs';
import { ApiProblem } from '../../problem.js';
import type { Form } from '../../results/forms.js';
import type { Stored } from '../../results/stored.js';
import type { RouteServices } from '../../routing/route.js';
import type { Services } from '../../services.js';
import { findJob } from '../jobs/find-job.js';
import { LONGEST_WAIT_MS } from '../jobs/wait.js';

type Reading = Pick<RouteServices, 'store' | 'downloads'>;

/** The files of a finished job's results, written now if they do not exist yet, and the job as it is afterwards. */
export async function filesOf(
  job: JobRecord,
  form: Form,
  services: Reading,
): Promise<{ job: JobRecord; stored: Stored }> {
  const stored = await services.downloads.ensure(job, form, LONGEST_WAIT_MS);
  if (stored === 'later') {
    throw new ApiProblem('unavailable', 'The files of these results are being written, or soon will be: ask again.', {
      headers: { 'retry-after': '5' },
    });
  }
  if (stored !== 'changed') return { job, stored };
  const { tenant, id } = job.description;
  return filesOf(await findFinished(tenant, id, services), form, services);
}

/** Finds a finished job: no other job has files. */
export async function findFinished(tenant: string, id: string, services: Pick<Services, 'store'>): Promise<JobRecord> {
  const job = await findJob(tenant, id, services);
  if (job.finishedAt !== null) return job;
  const detail = 'The job is not finished: its files are written when nothing can change any more.';
  throw new ApiProblem('conflict', detail);
}
