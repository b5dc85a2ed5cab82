import type { JobRecord } from '@linkhaul/jobs';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';

/** A tenant's job; another tenant's is as absent as one that never was. */
export async function findJob(tenant: string, id: string, { store }: Pick<Services, 'store'>): Promise<JobRecord> {
  const record = await store.get({ tenant, id });
  if (record === null) throw new ApiProblem('not_found', `There is no job ${id}.`);
  return record;
}
