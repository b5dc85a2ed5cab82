import { Hono } from 'hono';
import { endOf, requireKey } from '../middleware/end-with-key.js';
import type { AppEnv, Services } from '../services.js';
import { jobRef } from './find-job.js';
import { checkQuery, queryOf } from './query.js';
import { showJob } from './show-job.js';
import { parseWait, waitUntilFinished } from './wait.js';

/** `GET /v1/jobs/:id`: a few reads of Redis at any size. */
export function getJob(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id', async (c) => {
    const query = checkQuery(queryOf(c), { known: ['wait_ms'] });
    const job = jobRef(c.get('tenant'), c.req.param('id'));
    const waitMs = parseWait(query.wait_ms);
    const record = await waitUntilFinished(job, { waitMs, services, signal: endOf(c) });
    requireKey(c);
    return c.json(await showJob(record, services));
  });
}
