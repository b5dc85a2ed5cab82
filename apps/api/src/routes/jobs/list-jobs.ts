import type { JobRecord } from '@linkhaul/jobs';
import {
  type EndpointName,
  JOB_STATUSES,
  type JobStatus,
  type JobsPage,
  jobStatus,
  jobsPage,
  TASK_FILTERS,
  type TaskFilter,
  tag,
} from '@linkhaul/schemas';
import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { filteredPage } from '../filtered-page.js';
import { ofEndpoint, paging } from '../parameters.js';
import { jobCursor } from './job-cursor.js';
import { showJob } from './show-job.js';

export const listJobs = defineRoute({
  method: 'get',
  path: '/v1/jobs',
  id: 'listJobs',
  summary: 'List jobs',
  description: 'Newest first. A page may have fewer jobs than `limit` while `next_cursor` is not null: follow it.',
  access: 'tenant',
  scope: 'read',
  request: NO_INPUT.extend({
    query: z.object({
      tag: tag.optional(),
      status: z.array(jobStatus).optional(),
      endpoint: ofEndpoint,
      tasks: z
        .enum(TASK_FILTERS)
        .optional()
        .describe("Jobs that answer such tasks in the vendor's form; `none`: jobs that answer none."),
      metadata: z
        .record(z.string(), z.string())
        .optional()
        .meta({ style: 'deepObject', description: 'Pairs that the jobs must have, such as `metadata[client]=acme`.' }),
      q: z
        .string()
        .min(1)
        .max(255)
        .optional()
        .describe('A part of the id, the tag or a value of the metadata; upper and lower case are the same.'),
      ...paging,
    }),
  }),
  answers: { 200: { description: 'A page of jobs.', contents: { 'application/json': jobsPage } } },
  examples: [
    { title: 'The latest five', given: 'finished job', query: { limit: '5' }, status: 200 },
    { title: 'Search', given: 'queued job', query: { q: 'ACM' }, status: 200 },
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
      const { items, next } = await filteredPage({
        read: (before, most) => services.store.list(c.get('tenant'), { before, limit: most }),
        matches: (record) => matches(record, filter),
        placeOf: ({ description }) => description.id,
        after: jobCursor(cursor),
        limit,
      });
      const views = items.map((record) => showJob(record, services));
      const answer: JobsPage = { jobs: await Promise.all(views), next_cursor: next };
      return c.json(answer);
    },
});

interface Filter {
  readonly tag?: string | undefined;
  readonly status?: readonly JobStatus[] | undefined;
  readonly endpoint?: EndpointName | undefined;
  readonly tasks?: TaskFilter | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly q?: string | undefined;
}

function matches(
  { description, status }: JobRecord,
  { tag, status: statuses = JOB_STATUSES, endpoint, tasks, metadata = {}, q }: Filter,
) {
  return (
    (tag === undefined || description.tag === tag) &&
    statuses.includes(status) &&
    (endpoint === undefined || description.endpoint === endpoint) &&
    (tasks === undefined || (description.tasks?.kind ?? 'none') === tasks) &&
    Object.entries(metadata).every(
      ([key, value]) => Object.hasOwn(description.metadata, key) && description.metadata[key] === value,
    ) &&
    (q === undefined || isFound(q.toLowerCase(), description))
  );
}

function isFound(part: string, { id, tag, metadata }: JobRecord['description']): boolean {
  return [id, tag, ...Object.values(metadata)].some((text) => text.toLowerCase().includes(part));
}
