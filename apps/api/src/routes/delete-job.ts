import type { JobRef } from '@linkhaul/storage';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { whenClosed } from './closing.js';
import { jobRef } from './find-job.js';
import { checkQuery, queryOf } from './query.js';

/** `DELETE /v1/jobs/:id`: gone at once. What it cost stays in the usage, and its bytes go a moment later. */
export function deleteJob(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().delete('/v1/jobs/:id', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const job = jobRef(c.get('tenant'), c.req.param('id'));
    await remove(job, services);
    return c.body(null, 204);
  });
}

async function remove(job: JobRef, { removals }: Services): Promise<void> {
  const { result, status } = await whenClosed(() => removals.remove(job));
  if (result === 'gone') throw new ApiProblem('not_found', `There is no job ${job.id}.`);
  if (result === 'refused') {
    const first = status === 'cancelled' ? 'wait until its rows in flight have their answer' : 'cancel it first';
    throw new ApiProblem('conflict', `A ${status} job that is not finished cannot be deleted: ${first}.`);
  }
}
