import type { JobRecord } from '@linkhaul/jobs';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { ApiProblem } from '../../problem.js';
import type { Services } from '../../services.js';

const JOB_ID = /^job_[0-9a-z]+$/;

/** The path of a job. */
export const ofJob = z.object({ id: z.string().regex(JOB_ID).describe("The job's id.") });

export function noJob(id: string): ApiProblem {
  return new ApiProblem('not_found', `There is no job ${id}.`);
}

export function noSuchJob({ id = '' }: Readonly<Record<string, string>>): ApiProblem {
  return noJob(id);
}

/** A reference to a tenant's job. A text that cannot be a job id is refused before it becomes part of a Redis key. */
export function jobRef(tenant: string, id: string): JobRef {
  if (!JOB_ID.test(id)) throw noJob(id);
  return { tenant, id };
}

/** A tenant's job. Another tenant's job is not found, like one that never existed. */
export async function findJob(tenant: string, id: string, { store }: Pick<Services, 'store'>): Promise<JobRecord> {
  const record = await store.get(jobRef(tenant, id));
  if (record === null) throw noJob(id);
  return record;
}
