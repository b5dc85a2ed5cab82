import { refOf } from '@linkhaul/jobs';
import { type Manifest, SCHEMA_VERSION, usdOf } from '@linkhaul/schemas';
import { Hono } from 'hono';
import type { Downloads } from '../results/downloads.js';
import { NDJSON } from '../results/forms.js';
import type { AppEnv, Services } from '../services.js';
import { filesOf, findFinished } from './download.js';
import { checkQuery, queryOf } from './query.js';

/** `GET /v1/jobs/:id/manifest`: the files of a finished job's results, written now where nobody has read them yet. */
export function manifest(services: Services, downloads: Downloads): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/jobs/:id/manifest', async (c) => {
    checkQuery(queryOf(c), { known: [] });
    const found = await findFinished(c.get('tenant'), c.req.param('id'), services);
    const { job, stored } = await filesOf(found, NDJSON, { downloads, services });
    const { files } = stored;
    const { counts, description, run, simulated } = job;
    const answer: Manifest = {
      job: description.id,
      run,
      files: files.map(({ path, lines, bytes, sha256 }) => ({ path, rows: lines, bytes, sha256 })),
      rows: files.reduce((sum, { lines }) => sum + lines, 0),
      items: counts.items,
      damaged_rows: await services.store.rowsOfCode(refOf(description), 'answer_damaged'),
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
