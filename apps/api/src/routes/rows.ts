import { ROW_COLUMNS } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { Downloads } from '../results/downloads.js';
import { pagesOfRows } from '../results/ordered-rows.js';
import type { AppEnv, Services } from '../services.js';
import { findJob } from './find-job.js';
import { answerWith, ROWS_QUERY } from './listing.js';
import { checkQuery, queryOf } from './query.js';

/** `GET /v1/jobs/:id/rows`: one line an input row, with its outcome and without data. */
export function jobRows(services: Services, downloads: Downloads): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/rows', async (c) => {
    const query = checkQuery(queryOf(c), { known: ROWS_QUERY });
    const job = await findJob(c.get('tenant'), c.req.param('id'), services);
    return answerWith(
      c,
      { name: 'rows', job, batches: (from) => pagesOfRows(job, from, services) },
      { query, columns: ROW_COLUMNS, services, downloads },
    );
  });
}
