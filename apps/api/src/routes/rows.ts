import { Hono } from 'hono';
import { readRowStates } from '../results/rows.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { answerWith, LISTING_QUERY } from './listing.js';
import { checkQuery } from './query.js';

/** `GET /v1/jobs/:id/rows`: one line an input row, with its outcome and without data. */
export function jobRows(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/rows', async (c) => {
    checkQuery(c.req.query(), LISTING_QUERY);
    const job = await findJob(c.get('tenant'), c.req.param('id'), services);
    return answerWith(c, { name: 'rows', job, batches: (from, filter) => readRowStates(job, { from, filter, services }) });
  });
}
