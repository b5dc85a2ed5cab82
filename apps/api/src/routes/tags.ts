import { type TagPage, type TagsPage, tag } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { invalidRequest } from '../problem.js';
import { jobOfCursor, unknownCursor } from '../results/cursor.js';
import type { Downloads } from '../results/downloads.js';
import type { AppEnv, Services } from '../services.js';
import { parseJobCursor } from './list-jobs.js';
import { RESULTS_QUERY } from './listing.js';
import { checkQuery, parseLimit, queryOf } from './query.js';
import { resultsOf } from './results.js';
import { showJob } from './show-job.js';
import { jobsOfTag, latestGood, noneGood, parseShare, requireOneEndpoint } from './tag-jobs.js';

const TAG_RESULTS_QUERY = { known: [...RESULTS_QUERY, 'endpoint', 'job', 'min_ok'] };

/** `GET /v1/tags`, `/v1/tags/:tag` and its results: what was asked under a name, and what it answers now. */
export function tags(services: Services, downloads: Downloads): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/v1/tags', async (c) => {
      const { cursor, limit } = checkQuery(queryOf(c), { known: ['cursor', 'limit'] });
      const after = parseTagCursor(cursor);
      const page = await services.store.tags(c.get('tenant'), { after, limit: parseLimit(limit) });
      const next = page.next && Buffer.from(page.next).toString('base64url');
      const answer: TagsPage = { tags: page.items, next_cursor: next };
      return c.json(answer);
    })
    .get('/v1/tags/:tag', async (c) => {
      const { endpoint, cursor, limit } = checkQuery(queryOf(c), { known: ['endpoint', 'cursor', 'limit'] });
      const name = c.req.param('tag');
      const before = parseJobCursor(cursor);
      const most = parseLimit(limit);
      const jobs = await jobsOfTag(name, { tenant: c.get('tenant'), endpoint }, services);
      // Ids sort by age: a cursor stays right when newer jobs come.
      const rest = before === null ? jobs : jobs.filter(({ description }) => description.id < before);
      const page = rest.slice(0, most);
      const next = page.length < rest.length ? (page.at(-1)?.description.id ?? null) : null;
      const latest = jobs[0];
      const answer: TagPage = {
        tag: name,
        latest: latest ? await showJob(latest, services) : null,
        jobs: await Promise.all(page.map((record) => showJob(record, services))),
        next_cursor: next,
      };
      return c.json(answer);
    })
    .get('/v1/tags/:tag/results', async (c) => {
      const query = checkQuery(queryOf(c), TAG_RESULTS_QUERY);
      const { endpoint, job, cursor } = query;
      const minOk = parseShare(query.min_ok);
      if (job !== undefined && minOk !== null) {
        throw invalidRequest('min_ok', 'chooses a job where none is named: leave it or `job` out');
      }
      // The pages of one walk are of one job, also when a newer one completes meanwhile.
      const wanted = job ?? (cursor === undefined ? undefined : jobOfCursor(cursor));
      const jobs = await jobsOfTag(c.req.param('tag'), { tenant: c.get('tenant'), endpoint }, services);
      if (wanted === undefined) requireOneEndpoint(jobs);
      const record = latestGood(jobs, { id: wanted, minOk });
      if (record === null) throw noneGood({ id: wanted, minOk });
      c.header('x-linkhaul-job', record.description.id);
      return resultsOf(c, record, { query, services, downloads });
    });
}

/** The last tag of the page before. */
function parseTagCursor(text: string | undefined): string | null {
  if (text === undefined) return null;
  const parsed = tag.safeParse(Buffer.from(text, 'base64url').toString('utf8'));
  if (!parsed.success || Buffer.from(parsed.data).toString('base64url') !== text) throw unknownCursor();
  return parsed.data;
}
