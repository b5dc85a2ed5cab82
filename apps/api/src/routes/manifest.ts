import { type Manifest, SCHEMA_VERSION, usdOf } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { ApiProblem } from '../problem.js';
import type { Downloads } from '../results/downloads.js';
import { NDJSON } from '../results/forms.js';
import type { AppEnv, Services } from '../services.js';
import { filesOf } from './download.js';
import { findJob } from './find-job.js';
import { checkQuery, queryOf } from './query.js';

/** `GET /v1/jobs/:id/manifest`: the files of a finished job's results, written now where nobody has read them yet. */
export function manifest(services: Services, downloads: Downloads): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/manifest', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const job = await findJob(c.get('tenant'), c.req.param('id'), services);
    if (job.finishedAt === null) {
      throw new ApiProblem(
        'conflict',
        'The job is not finished: its files are written when nothing can change any more.',
      );
    }
    const { files } = await filesOf(job, NDJSON, downloads);
    const { counts, description, run, simulated } = job;
    const answer: Manifest = {
      job: description.id,
      run,
      files: files.map(({ path, lines, bytes, sha256 }) => ({ path, rows: lines, bytes, sha256 })),
      rows: files.reduce((sum, { lines }) => sum + lines, 0),
      items: counts.items,
      schema_version: SCHEMA_VERSION,
      params: description.params,
      cost: {
        spent_usd: usdOf(counts.spent),
        unconfirmed_usd: usdOf(counts.unconfirmed),
        wasted_usd: usdOf(counts.wasted),
      },
      simulated,
    };
    return c.json(answer);
  });
}
