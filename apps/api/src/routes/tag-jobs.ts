import type { JobRecord } from '@linkhaul/jobs';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { parseEndpoint } from './list-jobs.js';

interface TagQuery {
  readonly tenant: string;
  readonly endpoint: string | undefined;
}

/** A tag's jobs, or those of one endpoint, newest first. */
export async function jobsOfTag(
  tag: string,
  { tenant, endpoint }: TagQuery,
  { store }: Services,
): Promise<JobRecord[]> {
  const wanted = parseEndpoint(endpoint);
  const jobs = await store.byTag(tenant, tag);
  if (jobs.length === 0) throw new ApiProblem('not_found', `There is no job with the tag ${JSON.stringify(tag)}.`);
  return wanted === null ? jobs : jobs.filter(({ description }) => description.endpoint === wanted);
}

/** A tag that names several endpoints must be asked for one of them: their results have nothing in common. */
export function requireOneEndpoint(jobs: readonly JobRecord[]): void {
  const endpoints = new Set(jobs.map(({ description }) => description.endpoint));
  if (endpoints.size <= 1) return;
  const names = [...endpoints].sort().join(' and ');
  throw new ApiProblem('conflict', `This tag has jobs of ${names}: choose one with ?endpoint=.`);
}

/**
 * The job that a tag answers with: the latest that completed and brought anything, also while it is run again, or the one that was
 * asked for.
 */
export function latestGood(jobs: readonly JobRecord[], id: string | undefined): JobRecord | null {
  const found = jobs.find(({ good, description }) => (id === undefined ? good : description.id === id));
  return found ?? null;
}
