import type { JobRecord } from '@linkhaul/jobs';
import { type Context, Hono } from 'hono';
import { readResults } from '../results/results.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { answerWith, LISTING_QUERY } from './listing.js';
import { checkQuery, type Query, queryOf } from './query.js';

/** `GET /v1/jobs/:id/results`: every item of every row, in stored order. */
export function jobResults(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/results', async (c) => {
    const query = checkQuery(queryOf(c), { known: LISTING_QUERY, notAvailable: ['spreadsheet'] });
    return resultsOf(c, await findJob(c.get('tenant'), c.req.param('id'), services), { query, services });
  });
}

/** A job's results in the form that was asked for. */
export function resultsOf(
  c: Context<AppEnv>,
  job: JobRecord,
  { query, services }: { query: Query; services: Services },
): Promise<Response> {
  const { logger } = services;
  return answerWith(
    c,
    { name: 'results', job, batches: (from) => readResults(job, from, services) },
    { query, logger },
  );
}
