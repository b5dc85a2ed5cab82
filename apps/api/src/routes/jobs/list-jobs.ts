import type { JobRecord } from '@linkhaul/jobs';
import {
  type EndpointName,
  JOB_STATUSES,
  type JobStatus,
  type JobsPage,
  jobStatus,
  jobsPage,
  tag,
} from '@linkhaul/schemas';
import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import type { Services } from '../../services.js';
import { ofEndpoint, paging } from '../parameters.js';
import { jobCursor } from './job-cursor.js';
import { showJob } from './show-job.js';

/** Jobs read for one page at most: a filter that few jobs match must not read a tenant's whole history. */
const MOST_SCANNED = 5_000;
const BATCH = 200;

export const listJobs = defineRoute({
  method: 'get',
  path: '/v1/jobs',
  id: 'listJobs',
  summary: 'List jobs',
  description: 'Newest first. A page may be short while `next_cursor` is not null: the filter goes on behind it.',
  access: 'tenant',
  scope: 'read',
  request: z.object({
    query: z.object({
      tag: tag.optional(),
      status: z.array(jobStatus).optional(),
      endpoint: ofEndpoint,
      metadata: z
        .record(z.string(), z.string())
        .optional()
        .meta({ style: 'deepObject', description: 'Pairs that a job must have, such as `metadata[client]=acme`.' }),
      ...paging,
    }),
  }),
  answers: { 200: { description: 'A page of jobs.', contents: { 'application/json': jobsPage } } },
  examples: [
    { title: 'The latest five', given: 'finished job', query: { limit: '5' }, status: 200 },
    {
      title: "A client's jobs that are not finished",
      given: 'queued job',
      query: { 'metadata[client]': 'acme', status: 'queued,planning,running,paused' },
      status: 200,
    },
  ],
  serve:
    (services) =>
    async (c, { query: { limit, cursor, ...filter } }) => {
      const wanted = { filter, limit, before: jobCursor(cursor) };
      const { jobs, next } = await pageOf(c.get('tenant'), wanted, services);
      const views = jobs.map((record) => showJob(record, services));
      const answer: JobsPage = { jobs: await Promise.all(views), next_cursor: next };
      return c.json(answer);
    },
});

interface Filter {
  readonly tag?: string | undefined;
  readonly status?: readonly JobStatus[] | undefined;
  readonly endpoint?: EndpointName | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

interface Wanted {
  readonly filter: Filter;
  readonly limit: number;
  /** Only jobs older than this one; null: all. */
  readonly before: string | null;
}

/** A page may have fewer jobs than the limit while `next` is not null: the filter continues there. */
async function pageOf(tenant: string, { filter, limit, before }: Wanted, { store }: Services) {
  const jobs: JobRecord[] = [];
  let next = before;
  for (let scanned = 0; scanned < MOST_SCANNED && jobs.length < limit; scanned += BATCH) {
    const page = await store.list(tenant, { before: next, limit: BATCH });
    const found = page.items.filter((record) => matches(record, filter));
    const taken = found.slice(0, limit - jobs.length);
    jobs.push(...taken);
    next = taken.length < found.length ? (taken.at(-1)?.description.id ?? null) : page.next;
    if (next === null) break;
  }
  return { jobs, next };
}

function matches(
  { description, status }: JobRecord,
  { tag, status: statuses = JOB_STATUSES, endpoint, metadata = {} }: Filter,
) {
  return (
    (tag === undefined || description.tag === tag) &&
    statuses.includes(status) &&
    (endpoint === undefined || description.endpoint === endpoint) &&
    Object.entries(metadata).every(
      ([key, value]) => Object.hasOwn(description.metadata, key) && description.metadata[key] === value,
    )
  );
}
