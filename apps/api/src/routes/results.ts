import type { JobRecord } from '@linkhaul/jobs';
import { type Context, Hono } from 'hono';
import { notAvailable } from '../problem.js';
import { readResults } from '../results/results.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { checkQuery } from './query.js';
import { answerWith, LISTING_QUERY } from './listing.js';

/** `GET /v1/jobs/:id/results`: every item of every row, in stored order. */
export function jobResults(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/results', async (c) => {
    checkQuery(c.req.query(), LISTING_QUERY);
    return resultsOf(c, await findJob(c.get('tenant'), c.req.param('id'), services), services);
  });
}

/** A job's results in the form that was asked for. */
export function resultsOf(c: Context<AppEnv>, job: JobRecord, services: Services): Promise<Response> {
  if (c.req.header('range') !== undefined) throw notAvailable('the header Range');
  return answerWith(c, { name: 'results', job, batches: (from, filter) => readResults(job, { from, filter, services }) });
}
