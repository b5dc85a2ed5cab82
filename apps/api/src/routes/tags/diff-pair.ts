import type { JobRecord } from '@linkhaul/jobs';
import { ApiProblem, invalidRequest } from '../../problem.js';
import { requireOneEndpoint } from './tag-jobs.js';

/** The ids in the query. */
interface Named {
  readonly base: string | undefined;
  readonly job: string | undefined;
}

/**
 * The two jobs to compare: those in the query, otherwise the latest two that completed, even if they are being run again. `base`
 * is the earlier one. The two are never the same job.
 */
export function diffPairOf(
  jobs: readonly JobRecord[],
  { base: baseId, job: jobId }: Named,
): { base: JobRecord; job: JobRecord } {
  const named = (id: string) => {
    const found = jobs.find(({ description }) => description.id === id);
    if (found === undefined) throw new ApiProblem('not_found', `There is no job ${id} of this tag.`);
    if (found.finishedAt === null && !found.good) throw new ApiProblem('conflict', `The job ${id} is not finished.`);
    return found;
  };
  if (baseId !== undefined && baseId === jobId) {
    throw invalidRequest('base_job', 'is the same as `job`: name another one, or leave one of them out');
  }
  const completed = jobs.filter(({ status, good }) => status === 'completed' || good);
  if (jobId === undefined) requireOneEndpoint(completed);
  const job = jobId === undefined ? completed.find(({ description }) => description.id !== baseId) : named(jobId);
  const older = completed.filter(
    ({ description }) => job !== undefined && description.id < job.description.id && isLike(description, job),
  );
  const base = baseId === undefined ? older[0] : named(baseId);
  if (job === undefined || base === undefined) {
    throw new ApiProblem('not_found', 'There are no two completed jobs of this tag to compare.');
  }
  if (!isLike(base.description, job))
    throw new ApiProblem('conflict', 'Jobs of two endpoints have nothing to compare.');
  return { base, job };
}

function isLike({ endpoint }: JobRecord['description'], { description }: JobRecord): boolean {
  return endpoint === description.endpoint;
}
