import type { JobRecord } from '@linkhaul/jobs';
import { type EndpointName, tag } from '@linkhaul/schemas';
import { z } from 'zod';
import { ApiProblem, beginningOf } from '../../problem.js';
import type { Services } from '../../services.js';

/** The path of a tag. */
export const ofTag = z.object({ tag: tag.describe('Percent-encoded.') });

export function noSuchTag({ tag = '' }: Readonly<Record<string, string>>): ApiProblem {
  return new ApiProblem('not_found', `There is no job with the tag ${JSON.stringify(beginningOf(tag, 64))}.`);
}

interface TagQuery {
  readonly tenant: string;
  readonly endpoint: EndpointName | undefined;
}

/** A tag's jobs, or those of one endpoint, newest first. */
export async function jobsOfTag(
  tag: string,
  { tenant, endpoint }: TagQuery,
  { store }: Services,
): Promise<JobRecord[]> {
  const jobs = await store.byTag(tenant, tag);
  if (jobs.length === 0) throw noSuchTag({ tag });
  return endpoint === undefined ? jobs : jobs.filter(({ description }) => description.endpoint === endpoint);
}

/** Refuses jobs of several endpoints, whose results have no columns in common: one endpoint must be chosen. */
export function requireOneEndpoint(jobs: readonly JobRecord[]): void {
  const endpoints = new Set(jobs.map(({ description }) => description.endpoint));
  if (endpoints.size <= 1) return;
  const names = [...endpoints].sort().join(' and ');
  throw new ApiProblem('conflict', `This tag has jobs of ${names}: choose one with ?endpoint=.`);
}

interface Good {
  /** The job that was named. */
  readonly id: string | undefined;
  /** The least share of ok rows; null: any job with results. */
  readonly minOk: number | null;
}

/**
 * The job whose results a tag shows: the one in the query, or the latest completed one that is good enough, even if it is being
 * run again.
 */
export function latestGood(jobs: readonly JobRecord[], { id, minOk }: Good): JobRecord | null {
  const isGood = ({ status, good, counts }: JobRecord) =>
    minOk === null ? good : (good || status === 'completed') && counts.ok >= minOk * counts.total;
  return jobs.find((job) => (id === undefined ? isGood(job) : job.description.id === id)) ?? null;
}

/** Why a tag has no such job. */
export function noneGood({ id, minOk }: Good): ApiProblem {
  if (id !== undefined) return new ApiProblem('not_found', `There is no job ${id} of this tag.`);
  if (minOk === null) return new ApiProblem('not_found', 'No job of this tag has completed with results.');
  return new ApiProblem('not_found', `No completed job of this tag has a share of ok rows of ${minOk} or more.`);
}
