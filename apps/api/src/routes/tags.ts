import { jobView } from '@linkhaul/jobs';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { LISTING_QUERY } from './listing.js';
import { checkQuery, parseLimit } from './query.js';
import { resultsOf } from './results.js';
import { jobsOfTag, latestGood } from './tag-jobs.js';

/** `GET /v1/tags`, `/v1/tags/:tag` and its results: what was asked under a name, and what it answers now. */
export function tags(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/tags', async (c) => {
      const { cursor = '0', limit } = checkQuery(c.req.query(), { known: ['cursor', 'limit'] });
      const page = await services.store.tags(c.get('tenant'), { offset: Number.parseInt(cursor, 10) || 0, limit: parseLimit(limit) });
      return c.json({ tags: page.items, next_cursor: page.next });
    })
    .get('/v1/tags/:tag', async (c) => {
      const { endpoint, cursor, limit } = checkQuery(c.req.query(), { known: ['endpoint', 'cursor', 'limit'] });
      const tag = c.req.param('tag');
      const jobs = await jobsOfTag(tag, { tenant: c.get('tenant'), endpoint }, services);
      const from = cursor === undefined ? 0 : jobs.findIndex(({ description }) => description.id === cursor) + 1;
      const page = jobs.slice(from, from + parseLimit(limit));
      const next = from + page.length < jobs.length ? (page.at(-1)?.description.id ?? null) : null;
      const latest = jobs[0];
      return c.json({ tag, latest: latest ? jobView(latest) : null, jobs: page.map(jobView), next_cursor: next });
    })
    .get('/v1/tags/:tag/results', async (c) => {
      const { endpoint, job } = checkQuery(c.req.query(), LISTING_QUERY);
      const jobs = await jobsOfTag(c.req.param('tag'), { tenant: c.get('tenant'), endpoint }, services);
      const record = latestGood(jobs, job);
      if (record === null) throw new ApiProblem('not_found', `No job of this tag has completed with results${job ? ` under the id ${job}` : ''}.`);
      c.header('x-linkhaul-job', record.description.id);
      return resultsOf(c, record, services);
    });
}
