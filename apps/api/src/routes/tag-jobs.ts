import type { JobRecord } from '@linkhaul/jobs';
import { endpointName } from '@linkhaul/schemas';
import { ApiProblem, invalidRequest } from '../problem.js';
import type { Services } from '../services.js';

interface TagQuery {
  readonly tenant: string;
  readonly endpoint: string | undefined;
}

/** A tag's jobs of one endpoint, newest first. A tag that names several endpoints must be asked for one of them. */
export async function jobsOfTag(tag: string, { tenant, endpoint }: TagQuery, { store }: Services): Promise<JobRecord[]> {
  if (endpoint !== undefined && !endpointName.safeParse(endpoint).success) {
    throw invalidRequest('endpoint', `must be one of ${endpointName.options.join(', ')}`);
  }
  const jobs = await store.byTag(tenant, tag);
  if (jobs.length === 0) throw new ApiProblem('not_found', `There is no job with the tag ${JSON.stringify(tag)}.`);
  const endpoints = new Set(jobs.map(({ description }) => description.endpoint));
  if (endpoint === undefined && endpoints.size > 1) {
    throw new ApiProblem('conflict', `This tag has jobs of ${[...endpoints].join(' and ')}: choose one with ?endpoint=.`);
  }
  return endpoint === undefined ? jobs : jobs.filter(({ description }) => description.endpoint === endpoint);
}

/** The job that a tag answers with: the latest completed one that brought anything, or the one that was asked for. */
export function latestGood(jobs: readonly JobRecord[], id: string | undefined): JobRecord | null {
  const good = jobs.filter(({ status, outcome, description }) =>
    id === undefined ? status === 'completed' && outcome !== 'none' : description.id === id,
  );
  return good[0] ?? null;
}
