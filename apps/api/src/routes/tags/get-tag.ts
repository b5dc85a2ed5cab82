import { type TagPage, tagPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { EXAMPLE_OF_TAG } from '../examples.js';
import { jobCursor } from '../jobs/job-cursor.js';
import { showJob } from '../jobs/show-job.js';
import { ofEndpoint, paging } from '../parameters.js';
import { jobsOfTag, noSuchTag, ofTag } from './tag-jobs.js';

export const getTag = defineRoute({
  method: 'get',
  path: '/v1/tags/:tag',
  id: 'getTag',
  summary: "List a tag's runs",
  description:
    'Its latest job, which may still run, and all of its jobs, newest first. Without `endpoint`, of all endpoints.',
  access: 'tenant',
  scope: 'read',
  noSuch: noSuchTag,
  request: NO_INPUT.extend({ params: ofTag, query: z.object({ endpoint: ofEndpoint, ...paging }) }),
  answers: {
    200: { description: 'Its latest job, and a page of all its jobs.', contents: { 'application/json': tagPage } },
  },
  problems: ['not_found'],
  examples: [{ title: 'The runs of a tag', given: 'two runs', params: EXAMPLE_OF_TAG, status: 200 }],
  serve:
    (services) =>
    async (c, { params: { tag }, query: { endpoint, cursor, limit } }) => {
      const before = jobCursor(cursor);
      const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint }, services);
      // Ids sort by age: a cursor stays right when newer jobs are added.
      const rest = before === null ? jobs : jobs.filter(({ description }) => description.id < before);
      const page = rest.slice(0, limit);
      const next = page.length < rest.length ? (page.at(-1)?.description.id ?? null) : null;
      const latest = jobs[0];
      const answer: TagPage = {
        tag,
        latest: latest ? await showJob(latest, services) : null,
        jobs: await Promise.all(page.map((record) => showJob(record, services))),
        next_cursor: next,
      };
      return c.json(answer);
    },
});
