import type { JobRecord } from '@linkhaul/jobs';
import { resultColumns } from '@linkhaul/schemas';
import { type Context, Hono } from 'hono';
import type { Downloads } from '../results/downloads.js';
import { readResults } from '../results/results.js';
import type { AppEnv, Services } from '../services.js';
import type { Sending } from './download.js';
import { findJob } from './find-job.js';
import { answerWith, RESULTS_QUERY } from './listing.js';
import { checkQuery, type Query, queryOf } from './query.js';

/** `GET /v1/jobs/:id/results`: every item of every row, in stored order. */
export function jobResults(services: Services, downloads: Downloads): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/results', async (c) => {
    const query = checkQuery(queryOf(c), { known: RESULTS_QUERY });
    const job = await findJob(c.get('tenant'), c.req.param('id'), services);
    return resultsOf(c, job, { query, services, downloads });
  });
}

/** A job's results in the form that was asked for. */
export function resultsOf(
  c: Context<AppEnv>,
  job: JobRecord,
  request: Sending & { readonly query: Query },
): Promise<Response> {
  const columns = resultColumns(job.description.endpoint);
  const listing = { name: 'results' as const, job, batches: batchesOf(job, request.services) };
  return answerWith(c, listing, { ...request, columns });
}

function batchesOf(job: JobRecord, services: Services) {
  return (from: Parameters<typeof readResults>[1]) => readResults(job, from, services);
}
